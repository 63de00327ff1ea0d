# Every target sets up what it needs by itself, from nothing but Python (3.11 or later) and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
STAMP := $(VENV)/.installed
DEMO := out/demo

.PHONY: install demo test lint bench train clean
install: $(STAMP)

$(UV):
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv

# The lock file pins every dependency; --inexact leaves uv itself in the environment.
$(STAMP): $(UV) pyproject.toml uv.lock hatch_build.py $(wildcard src/tadmor/resolve/data/*)
	VIRTUAL_ENV=$(CURDIR)/$(VENV) $(UV) sync --quiet --locked --inexact --reinstall-package tadmor
	@touch $(STAMP)

demo: install
	@sh demo/run.sh $(BIN)/tadmor $(DEMO)

lint: install
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Everything, the slow tests too: this is what CI runs.
test: lint
	$(BIN)/pytest -m "slow or not slow" -n 2 --dist loadfile

bench: install
	$(BIN)/python -m benchmarks

# The trained reader's weights, made anew: hours on a CPU; it goes on from its checkpoints when run again.
TRAIN := .venv-train/bin
train:
	test -x $(TRAIN)/python || $(PYTHON) -m venv .venv-train
	$(TRAIN)/python -m pip install --quiet --disable-pip-version-check -r training/requirements.txt .
	$(TRAIN)/python -m training.train_tokens --holdout --no-own --out out/dev
	$(TRAIN)/python -m training.export out/dev/tokens.pt --out out/dev/weights --version dev
	$(TRAIN)/python -m training.train_combiner --weights out/dev/weights --into out/dev/weights
	$(TRAIN)/python -m training.train_tokens --init out/dev/tokens.pt --epochs 1 --out out/tokens
	$(TRAIN)/python -m training.train_joint --init out/tokens/tokens.pt --heads out/dev/weights --epochs 2 --out out/joint
	$(TRAIN)/python -m training.export out/joint/joint.pt --combiner out/dev/weights/manifest.json --version new
	$(TRAIN)/python -m training.train_links

clean:
	rm -rf $(VENV) out dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
