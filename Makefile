# Các lệnh của dự án. `make` không tham số liệt kê tất cả.
PYTHON ?= python3
PY := .venv/bin/python
export PYTHONUTF8 := 1

# Tests keep their data apart from `make run`, ignore a .env made for it, and share one throw-away server.
TEST_ENV := env PRODUCTION=0 DEBUG=0 DATA_DIR="$(CURDIR)/var/test" DJANGO_SETTINGS_MODULE=laichau_tuquan.settings
WITH_DATABASE := $(TEST_ENV) $(PY) -m laichau_tuquan.local --fast
# For what imports the settings without ever opening the database.
NO_DATABASE := $(TEST_ENV) DATABASE_URL=postgresql://khong-dung@127.0.0.1:1/khong-dung
PRODUCTION_ENV := env PRODUCTION=1 DEBUG=0 DATA_DIR="$(CURDIR)/var/test" ALLOWED_HOSTS=tuquan.example \
	SECRET_KEY=chi-dung-de-kiem-tra-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH \
	DATABASE_URL=postgresql://khong-dung@127.0.0.1:1/khong-dung
TEMPLATES := $(wildcard templates) $(wildcard */templates)

.DEFAULT_GOAL := help
.PHONY: help run test setup setup-test chromium office lint format-check templates types imports migrations deploy unit browser \
	bench lock format clean
# Checks run one after another also under `make -j`: they share two cores and one database.
.NOTPARALLEL:

help: ## Liệt kê các lệnh
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: setup ## Chạy ứng dụng (PORT=8001 make run để đổi cổng), Ctrl-C để dừng
	@$(PY) manage.py serve

test: setup-test chromium office lint format-check templates types imports migrations deploy unit browser ## Chạy mọi phép kiểm tra

setup: python
	@"$(PYTHON)" scripts/setup.py run

setup-test: python
	@"$(PYTHON)" scripts/setup.py test

.PHONY: python
python:
	@command -v "$(PYTHON)" >/dev/null || { echo "Máy này chưa có Python. Cài bằng lệnh: sudo apt-get install python3 python3-venv"; exit 1; }

chromium: ## Tìm Chromium cho phép thử màn hình, cài nếu được
	@$(PY) scripts/chromium.py >/dev/null

office: ## Tìm LibreOffice cho phép thử tệp Word, cài nếu được
	@$(PY) scripts/office.py >/dev/null

lint: ## Kiểm tra mã nguồn (ruff)
	$(PY) -m ruff check .

format-check: ## Kiểm tra định dạng mã nguồn (ruff)
	$(PY) -m ruff format --check .

templates: ## Kiểm tra mẫu trang (djlint)
	$(if $(TEMPLATES),$(PY) -m djlint --lint --quiet $(TEMPLATES))

types: ## Kiểm tra kiểu (mypy)
	$(NO_DATABASE) $(PY) -m mypy

imports: ## Kiểm tra tầng của các mô-đun (import-linter)
	$(PY) -c "from importlinter.cli import lint_imports_command as c; c()"

migrations: ## Kiểm tra thiếu migration
	$(WITH_DATABASE) $(PY) manage.py makemigrations --check --dry-run

deploy: ## Kiểm tra cấu hình vận hành chính thức (check --deploy)
	$(PRODUCTION_ENV) $(PY) manage.py check --deploy --fail-level WARNING

unit: ## Chạy các phép thử không cần trình duyệt
	$(WITH_DATABASE) env SOFFICE="$$($(PY) scripts/office.py)" $(PY) -m pytest -n 2 --dist loadgroup -m "not browser"

browser: ## Chạy các phép thử trên màn hình thật (Chromium)
	$(WITH_DATABASE) env CHROMIUM="$$($(PY) scripts/chromium.py)" $(PY) -m pytest -m browser

bench: setup-test ## Đo thời gian và số truy vấn của các trang chính
	$(TEST_ENV) $(PY) -m laichau_tuquan.local $(PY) manage.py bench

lock: setup-test ## Khóa lại phiên bản các gói sau khi sửa requirements/*.in hoặc package.json
	$(PY) scripts/lock.py

format: ## Sửa định dạng mã nguồn
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

clean: ## Xóa mọi thứ tạo ra, trừ dữ liệu trong var/
	rm -rf .venv node_modules var/test var/static var/static.stamp .mypy_cache .ruff_cache .pytest_cache \
		.import_linter_cache .hypothesis test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
