"""Members, passwords, sessions and tokens: in the ledger, at the shell and over the API."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from fastapi import FastAPI
from sqlalchemy import select, update

from tadmor.cli import cli
from tadmor.errors import LedgerError
from tadmor.ledger import Store, team, team_sessions, team_tokens
from tadmor.ledger.team_tables import team_member, team_session, team_token, team_try
from team_made import NAMES, PASSWORD, Client, cheap, client, made, team_app
from test_web_made import API, BASE, fill, refused

OTHER = "seven grey herons at dawn"


@pytest.fixture(scope="module", autouse=True)
def _cheap() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        cheap(patch)
        yield


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(made(tmp_path / "team.db")) as found:
        yield found


@pytest.fixture
def app(store: Store) -> Iterator[FastAPI]:
    with team_app(Path(store.name)) as found:
        yield found


def test_members_are_kept_with_hashes_only(store: Store) -> None:
    assert [(m.name, m.role, m.disabled_at) for m in store.team.members()] == [
        ("Ada", "admin", None), ("Cora", "coder", None), ("Edda", "editor", None), ("Vera", "viewer", None),
    ]  # fmt: skip
    with store.engine.connect() as connection:
        hashes = connection.scalars(select(team_member.c.password)).all()
    assert len(set(hashes)) == 4
    assert all(h.startswith("$argon2id$") for h in hashes)
    assert PASSWORD.encode() not in Path(store.name).read_bytes()
    assert store.team.right("vera", PASSWORD) is not None
    assert store.team.right(" VERA ", PASSWORD) is not None
    assert store.team.right("Vera", PASSWORD + "x") is None
    assert store.team.right("Vera", "") is None
    assert store.team.right("Nobody", PASSWORD) is None
    assert store.team.right("Vera", "x" * 1_000_000) is None


def test_the_settings_of_the_hash_are_those_of_the_library(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from argon2 import PasswordHasher

    assert store.team.right("Vera", PASSWORD) is not None
    strict = PasswordHasher()
    monkeypatch.setattr(team, "_hasher", lambda: strict)
    assert store.team.right("Vera", PASSWORD) is not None  # the hash is made anew, with the settings of now
    with store.engine.connect() as connection:
        kept = connection.scalar(select(team_member.c.password).where(team_member.c.name == "Vera"))
    assert kept is not None
    assert not strict.check_needs_rehash(kept)
    assert f"m={strict.memory_cost}" in kept
    assert strict.memory_cost >= 19 * 1024  # the least that OWASP asks for


@pytest.mark.parametrize(
    ("name", "role", "password", "says"),
    [
        ("vera", "viewer", PASSWORD, "already"),
        ("", "viewer", PASSWORD, "letters"),
        ("a\x07b", "viewer", PASSWORD, "letters"),
        ("New", "king", PASSWORD, "no role"),
        ("New", "viewer", "short", "12 to 500"),
        ("New", "viewer", "x" * 501, "12 to 500"),
        ("New", "viewer", "aaaaaaaaaaaaaaaa", "different"),
        ("Ananias Brown", "viewer", "Ananias Brown1", "name"),
    ],
)
def test_members_and_passwords_that_will_not_do(store: Store, name: str, role: str, password: str, says: str) -> None:
    with pytest.raises(LedgerError, match=says):
        store.team.add(name, role, password, who="t")
    assert len(store.team.members()) == 4


def test_somebody_can_always_let_others_in(store: Store) -> None:
    for act in (lambda: store.team.disable("Ada", who="t"), lambda: store.team.set_role("Ada", "editor", who="t")):
        with pytest.raises(LedgerError, match="only admin"):
            act()
    store.team.set_role("Edda", "admin", who="Ada")
    assert store.team.disable("Ada", who="Edda").disabled_at
    with pytest.raises(LedgerError, match="already"):
        store.team.disable("Ada", who="Edda")
    assert store.team.right("Ada", PASSWORD) is None
    store.team.enable("Ada", who="Edda")
    assert store.team.right("Ada", PASSWORD) is not None


def test_what_is_done_to_members_is_in_the_audit_log_without_secrets(store: Store) -> None:
    store.team.set_password("Vera", OTHER, who="Ada")
    secret, _ = team_tokens.make(store.team, "Vera", "a script", ["read"], days=3, who="Vera")
    store.team.set_role("Vera", "coder", who="Ada")
    lines = store.audit()
    assert [row.what for row in lines][-3:] == ["member's password set", "token made", "member's role set"]
    assert lines[-1].before == {"member": "Vera", "role": "viewer"}
    told = json.dumps([[row.before, row.after, row.why] for row in lines])
    assert OTHER not in told
    assert secret not in told
    assert "argon2" not in told


def test_a_session_from_sign_in_to_sign_out(app: FastAPI, store: Store) -> None:
    here = client(app)
    assert here.get(f"{API}/session").json()["name"] is None
    refused(here.get(f"{API}/info"), 401)
    answer = here.sign_in("vera")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert "Secure" not in cookie  # plain HTTP, as on one's own machine
    assert answer.json()["role"] == "viewer"
    assert here.get(f"{API}/info").status_code == 200
    secret = here.cookies["tadmor"]
    with store.engine.connect() as connection:
        assert secret not in connection.scalars(select(team_session.c.hash)).all()
    assert here.request("DELETE", f"{API}/session").json()["name"] is None
    here.cookies.set("tadmor", secret)  # who kept the cookie has nothing of it
    refused(here.get(f"{API}/info"), 401)


def test_behind_tls_cookies_are_secure_and_bound_to_the_host(app: FastAPI) -> None:
    here = client(app, base="https://127.0.0.1:8765")
    answer = here.sign_in("Vera")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-tadmor=")
    assert "Secure" in cookie
    assert "Domain" not in cookie
    assert answer.headers["strict-transport-security"].startswith("max-age=")
    assert here.get(f"{API}/info").status_code == 200
    stolen = here.cookies["__Host-tadmor"]
    plain = client(app, base="https://127.0.0.1:8765")
    plain.cookies.set("tadmor", stolen)  # a cookie that another host could have set
    refused(plain.get(f"{API}/info"), 401)


def test_sessions_end_by_themselves(app: FastAPI, store: Store) -> None:
    for column, age in (("seen", team_sessions.IDLE), ("since", team_sessions.LIFE)):
        here = client(app, "viewer")
        with store.engine.begin() as connection:
            connection.execute(update(team_session).values({column: time.time() - age - 1}))
        refused(here.get(f"{API}/info"), 401)
    here = client(app, "viewer")  # those that have ended are gone
    with store.engine.connect() as connection:
        assert len(connection.execute(select(team_session)).all()) == 1
    assert here.get(f"{API}/info").status_code == 200


def test_roles_and_disabling_hold_at_once(app: FastAPI, store: Store) -> None:
    here = client(app, "editor")
    assert here.get(f"{API}/audit").status_code == 200
    store.team.set_role("Edda", "viewer", who="Ada")
    refused(here.get(f"{API}/audit"), 403)
    store.team.disable("Edda", who="Ada")
    refused(here.get(f"{API}/info"), 401)
    refused(here.sign_in("Edda"), 401)


def test_a_new_password_ends_all_other_sessions(app: FastAPI) -> None:
    one, two = client(app, "coder"), client(app, "coder")
    refused(one.post(f"{API}/session/password", json={"current": "wrong" * 4, "new": OTHER}), 403)
    refused(one.post(f"{API}/session/password", json={"current": PASSWORD, "new": "short"}), 422)
    assert one.post(f"{API}/session/password", json={"current": PASSWORD, "new": OTHER}).status_code == 200
    assert one.get(f"{API}/info").status_code == 200
    refused(two.get(f"{API}/info"), 401)
    refused(two.sign_in("Cora"), 401)
    assert two.sign_in("Cora", OTHER).status_code == 200


def test_sign_ins_are_limited_and_a_restart_forgives_nothing(store: Store) -> None:
    path = Path(store.name)
    with team_app(path) as app:
        here = client(app)
        for _ in range(team_sessions.MOST_OF_MEMBER):
            refused(here.sign_in("Vera", "not the password"), 401)
        told = refused(here.sign_in("Vera"), 429)
        assert "minutes" in told["detail"]
    with team_app(path) as app:  # another program on the same ledger
        here = client(app)
        answer = here.sign_in("vERA")
        refused(answer, 429)
        assert 0 < int(answer.headers["retry-after"]) <= team_sessions.WINDOW + 1
        assert here.sign_in("Cora").status_code == 200  # others are let in
        with store.engine.begin() as connection:
            connection.execute(update(team_try).values(at=time.time() - team_sessions.WINDOW - 1))
        assert here.sign_in("Vera").status_code == 200


def test_one_address_cannot_try_all_names(app: FastAPI) -> None:
    here = client(app)
    for n in range(team_sessions.MOST_OF_ADDRESS):
        refused(here.sign_in(f"Guess {n}", "not the password"), 401)
    refused(here.sign_in("Vera"), 429)
    other = Client(app, base_url=BASE, client=("198.51.100.7", 1), raise_server_exceptions=False)
    assert other.sign_in("Vera").status_code == 200


def test_tries_keep_neither_names_nor_passwords(app: FastAPI, store: Store) -> None:
    client(app).sign_in("my password by mistake", "wrong wrong wrong")
    with store.engine.connect() as connection:
        rows = connection.execute(select(team_try)).all()
    assert len(rows) == 1
    assert "mistake" not in repr(rows)


def test_a_token_from_making_to_ending(app: FastAPI, store: Store) -> None:
    here = client(app, "coder")
    made_ = here.post(f"{API}/tokens", json={"name": "nightly", "scopes": ["read", "add"], "days": 2}).json()
    secret, token = made_["secret"], made_["token"]
    assert secret.startswith("tadmor_")
    assert (token["scopes"], token["holds"]) == (["add", "read"], True)
    assert secret not in here.get(f"{API}/tokens").text
    with store.engine.connect() as connection:
        assert secret not in repr(connection.execute(select(team_token)).all())
    program = Client(app, base_url=BASE, headers={"Authorization": f"Bearer {secret}"}, raise_server_exceptions=False)
    assert program.get(f"{API}/info").status_code == 200
    sent = program.post(f"{API}/reports", json={"text": "Rebels took Idlib on Saturday."})
    assert sent.status_code == 202, sent.text  # no CSRF token: a page cannot send this header
    refused(program.get(f"{API}/export"), 403)  # not in its scopes
    refused(program.get(f"{API}/audit"), 403)  # not in the member's rights
    refused(program.get(f"{API}/tokens"), 403)  # for people
    refused(program.post(f"{API}/session/password", json={"current": PASSWORD, "new": OTHER}), 403)
    store.team.set_role("Cora", "viewer", who="Ada")
    refused(program.post(f"{API}/reports", json={"text": "Rebels took Idlib on Sunday."}), 403)  # the role has shrunk
    assert here.post(f"{API}/tokens/{token['row']}/revoke").status_code == 200
    refused(program.get(f"{API}/info"), 401)
    refused(here.post(f"{API}/tokens/{token['row']}/revoke"), 409)


def test_tokens_that_cannot_be_had(app: FastAPI) -> None:
    here = client(app, "coder")
    wanted = {"name": "x", "scopes": ["read"], "days": 5}
    refused(here.post(f"{API}/tokens", json=wanted | {"scopes": ["decide"]}), 403)
    refused(here.post(f"{API}/tokens", json=wanted | {"scopes": []}), 422)
    refused(here.post(f"{API}/tokens", json=wanted | {"days": 400}), 422)
    refused(here.post(f"{API}/tokens", json=wanted | {"days": 0}), 422)
    refused(client(app, "admin").post(f"{API}/tokens", json=wanted | {"scopes": ["members"]}), 422)
    refused(client(app, "admin").post(f"{API}/tokens", json=wanted | {"scopes": ["purge"]}), 422)
    assert here.get(f"{API}/tokens").json()["items"] == []


def test_forged_and_expired_tokens(app: FastAPI, store: Store) -> None:
    secret, token = team_tokens.make(store.team, "Vera", "x", ["read"], days=1, who="Vera")
    for header in (
        f"Bearer {secret}x", f"Bearer {secret[:-1]}", f"Basic {secret}", f"Bearer {token.start}", "Bearer ", "Bearer",
        f"Bearer {secret} {secret}", f"Bearer tadmor_{'A' * 43}", "Bearer tadmor_' OR '1'='1", f"Bearer {secret.upper()}",
    ):  # fmt: skip
        answer = client(app).get(f"{API}/info", headers={"Authorization": header})
        refused(answer, 401)
        assert answer.headers["www-authenticate"].startswith("Bearer")
    good = {"Authorization": f"Bearer {secret}"}
    assert client(app).get(f"{API}/info", headers=good).status_code == 200
    with store.engine.begin() as connection:
        connection.execute(update(team_token).values(expires=time.time() - 1))
    refused(client(app).get(f"{API}/info", headers=good), 401)
    # A session does not mend a token that does not hold.
    refused(client(app, "admin").get(f"{API}/info", headers=good), 401)


@pytest.mark.parametrize("value", ["", "x", "A" * 43, "../../etc/passwd", "\u00e9" * 30, '"; drop table', "A" * 9000])
def test_forged_cookies(app: FastAPI, value: str) -> None:
    raw = b"tadmor=" + value.encode("latin-1")
    answer = client(app).get(f"{API}/info", headers={"cookie": raw})
    refused(answer, 401)


def test_who_decides_is_the_member_not_the_header(app: FastAPI, store: Store) -> None:
    here = client(app, "editor")
    sent = here.post(
        f"{API}/sources/Northern%20Agency/rating", json={"letter": "B"}, headers={"X-Tadmor-Who": "Somebody Else"}
    )
    assert sent.json()["who"] == "Edda"
    assert store.audit()[-1].who == "Edda"
    secret, _ = team_tokens.make(store.team, "Edda", "x", ["read", "decide"], days=1, who="Edda")
    program = Client(app, base_url=BASE, headers={"Authorization": f"Bearer {secret}", "X-Tadmor-Who": "Other"})
    assert program.post(f"{API}/sources/Northern%20Agency/rating", json={"letter": "C"}).json()["who"] == "Edda"


def test_members_over_the_api(app: FastAPI) -> None:
    here = client(app, "admin")
    made_ = here.post(f"{API}/members", json={"name": "Nora", "role": "viewer"}).json()
    nora, password = made_["member"], made_["password"]
    assert client(app).sign_in("nora", password).status_code == 200
    refused(here.post(f"{API}/members", json={"name": "NORA", "role": "viewer"}), 409)
    refused(here.post(f"{API}/members", json={"name": "Zoe", "role": "owner"}), 422)
    where = f"{API}/members/{nora['id']}"
    assert here.post(f"{where}/role", json={"role": "coder"}).json()["role"] == "coder"
    again = here.post(f"{where}/password", json={}).json()["password"]
    assert again != password
    refused(client(app).sign_in("Nora", password), 401)
    new = client(app)
    assert new.sign_in("Nora", again).status_code == 200
    token = new.post(f"{API}/tokens", json={"name": "x", "scopes": ["read"]}).json()["token"]
    assert [t["row"] for t in here.get(f"{where}/tokens").json()["items"]] == [token["row"]]
    ended = here.post(f"{where}/tokens/{token['row']}/revoke", json={}).json()
    assert not ended["holds"]
    assert here.post(f"{where}/disable", json={}).json()["disabled_at"]
    refused(new.get(f"{API}/info"), 401)
    assert here.post(f"{where}/enable", json={}).json()["disabled_at"] is None
    refused(here.post(f"{API}/members/99999/disable", json={}), 404)
    names = {m["name"]: m["id"] for m in here.get(f"{API}/members").json()["items"]}
    refused(here.post(f"{API}/members/{names['Ada']}/disable", json={}), 409)
    assert "argon2" not in here.get(f"{API}/members").text


def test_local_mode_has_no_members(tmp_path: Path) -> None:
    from test_web_made import client as local

    with local(fill(tmp_path / "a.db", [])) as api:
        told = api.get(f"{API}/session").json()
        assert (told["team"], told["name"]) == (False, None)
        assert "purge" in {r["right"] for r in told["rights"]}
        for path in ("/members", "/tokens"):
            refused(api.get(API + path), 404)
        refused(api.post(f"{API}/session", json={"name": "Ada", "password": PASSWORD}), 404)


def test_members_at_the_shell(tmp_path: Path) -> None:
    path = str(fill(tmp_path / "a.db", []))

    def run(*args: str, typed: str = "") -> tuple[int, str, str]:
        found = CliRunner().invoke(cli, ["members", *args, "--ledger", path], input=typed)
        return found.exit_code, found.stdout, found.stderr

    assert "the first" in run("list")[2]
    code, _, said = run("add", "Ada", "--role", "admin", "--stdin", typed=f"{PASSWORD}\n")
    assert (code, "Ada may sign in as admin" in said) == (0, True)
    code, password, said = run("add", "Vera", "--role", "viewer", typed="\n\n")
    assert code == 0
    assert "shown this once" in said
    with Store(path) as store:
        assert store.team.right("Ada", PASSWORD)
        assert store.team.right("Vera", password.strip().splitlines()[-1])
    assert run("role", "Vera", "coder", "--who", "Ada")[0] == 0
    assert run("reset", "vera", "--stdin", typed=f"{OTHER}\n")[0] == 0
    with Store(path) as store:
        assert store.team.right("Vera", OTHER)
        _, token = team_tokens.make(store.team, "Vera", "nightly", ["read"], days=1, who="Vera")
    assert "nightly" in run("tokens")[1]
    assert "has ended" in run("tokens", "--revoke", str(token.row))[2]
    assert run("disable", "Vera")[0] == 0
    rows = [json.loads(line) for line in run("list", "--format", "jsonl")[1].splitlines()]
    assert [(r["name"], r["role"], r["disabled_at"] is None) for r in rows] == [
        ("Ada", "admin", True), ("Vera", "coder", False),
    ]  # fmt: skip
    assert run("enable", "Vera")[0] == 0
    found = CliRunner().invoke(cli, ["members", "disable", "Ada", "--ledger", path])
    assert "only admin" in str(found.exception)
    with Store(path) as store:
        assert {row.who for row in store.audit()} >= {"Ada"}
        assert "password" not in json.dumps([row.after for row in store.audit()])


def test_serving_a_team_needs_an_admin_and_a_name(tmp_path: Path) -> None:
    path = str(fill(tmp_path / "a.db", []))

    def run(*args: str) -> tuple[int, str]:
        found = CliRunner().invoke(cli, ["serve", "--ledger", path, *args])
        return found.exit_code, found.stderr

    assert "tadmor members add" in run("--team")[1]
    for args, says in (
        (("--team", "--host", "0.0.0.0"), "--name"),
        (("--team", "--host", "example.org"), "no address"),
        (("--team", "--name", "https://a/b"), "without scheme"),
        (("--name", "a.example"), "--team"),
        (("--team", "--tls-cert", __file__), "--tls-key"),
    ):
        code, said = run(*args)
        assert (code, says in said) == (2, True), said


def test_every_role_has_its_member() -> None:
    assert tuple(NAMES) == team.ROLES
