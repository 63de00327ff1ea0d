#!/bin/sh
# The demo: read the reports, keep them, ask who held Palmyra and what is disputed, and write a situation report.
set -eu
tadmor=$1
out=$2
here=$(dirname "$0")
ledger=$out/demo.db
mkdir -p "$out"
rm -f "$ledger" "$ledger-wal" "$ledger-shm"

say() { printf '\n\033[1m%s\033[0m\n\n' "$*"; }

say '1. What one report claims: tadmor read demo/reports/05-wire-2016-12-11.txt'
"$tadmor" read "$here/reports/05-wire-2016-12-11.txt"

say '2. Keep all ten in a ledger: tadmor add demo/reports'
"$tadmor" add "$here/reports" --ledger "$ledger"

for day in 2016-12-09 2016-12-11 2016-12-13; do
    say "3. Who held Palmyra: tadmor control Palmyra --on $day"
    "$tadmor" control Palmyra --on "$day" --ledger "$ledger"
done

say '4. As the Russian ministry alone tells it: tadmor control Palmyra --according-to "Russian Defense Ministry"'
"$tadmor" control Palmyra --according-to "Russian Defense Ministry" --ledger "$ledger"

say '5. What happened there, and what is disputed: tadmor incidents --place Palmyra --from 2016-12-10 --to 2016-12-11'
"$tadmor" incidents --place Palmyra --from 2016-12-10 --to 2016-12-11 --ledger "$ledger"

say '6. The situation report'
"$tadmor" sitrep --from 2016-12-09 --to 2016-12-13 -o "$out/sitrep.html" --ledger "$ledger" --title 'Palmyra, 9 to 13 December 2016'
echo "open $out/sitrep.html"
