"""The files for several machines say what their formats and our own settings know."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from service.settings import PROJECT
from service.storage.postgres_store import OLDEST_SERVER

DEPLOY = PROJECT / "docs" / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
MANIFESTS: list[dict[str, Any]] = list(
    yaml.safe_load_all((DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8"))
)
# Keys of a service in the Compose specification, as far as we use them.
SERVICE_KEYS = {
    "build", "cap_drop", "command", "depends_on", "environment", "healthcheck", "image", "ports",
    "read_only", "restart", "security_opt", "tmpfs", "volumes",
}  # fmt: skip


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda p: p.name)
def test_every_setting_in_it_is_documented(path: Path) -> None:
    """A name that the service does not know would be passed over in silence."""
    guide = (PROJECT / "docs" / "guide.md").read_text(encoding="utf-8")
    of_the_file = {"HUICE_DATABASE_PASSWORD"}  # compose's own, put into the address
    names = set(re.findall(r"HUICE_[A-Z_]+", path.read_text(encoding="utf-8"))) - of_the_file
    assert [name for name in names if f"`{name}`" not in guide] == []


def test_the_compose_file_holds_together() -> None:
    """Known keys; what a service waits for, mounts and builds from is there."""
    services = COMPOSE["services"]
    for service in services.values():
        assert service.keys() <= SERVICE_KEYS
        assert set(service.get("depends_on", ())) <= services.keys()
        for mount in service.get("volumes", ()):
            source = mount.split(":")[0]
            assert source in COMPOSE["volumes"] or (DEPLOY / source).is_file()
    context = DEPLOY / services["huice"]["build"]["context"]
    assert (context / "Dockerfile").is_file()
    extra = services["huice"]["build"]["args"]["EXTRAS"]
    assert (context / "requirements" / f"{extra}.txt").is_file()


def test_what_the_files_say_of_the_image_is_so() -> None:
    """Port, user, folder of the state and extras, as the Dockerfile has them; and one port through
    the proxy, published on this machine alone."""
    image = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
    (port,) = re.findall(r"^EXPOSE (\d+)$", image, re.MULTILINE)
    (user,) = re.findall(r"useradd --uid (\d+)", image)
    (state,) = re.findall(r"^VOLUME (\S+)$", image, re.MULTILINE)
    service, proxy = COMPOSE["services"]["huice"], COMPOSE["services"]["proxy"]
    assert f"PORT={port}" in image
    assert all(f"ARG {name}=" in image for name in service["build"]["args"])
    assert service["tmpfs"] == ["/tmp", f"{state}:uid={user}"]
    assert service["environment"]["HUICE_LOCAL"] == state
    front = (DEPLOY / "haproxy.cfg").read_text(encoding="utf-8")
    assert f"bind :{port}\n" in front
    assert f"server-template replica 8 huice:{port}\n" in front
    assert proxy["ports"] == [f"127.0.0.1:{port}:{port}"]
    pod = MANIFESTS[0]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    assert container["ports"] == [{"name": "http", "containerPort": int(port)}]
    assert (pod["securityContext"]["runAsUser"], pod["securityContext"]["fsGroup"]) == (
        int(user),
        int(user),
    )
    assert {m["mountPath"] for m in container["volumeMounts"]} == {state, "/tmp", "/dev/shm"}
    assert {m["name"] for m in container["volumeMounts"]} == {v["name"] for v in pod["volumes"]}


def test_every_variable_and_service_of_the_compose_file_is_there() -> None:
    """A variable of its own is told in the docs or has its words; an address names a service; of
    the image only what it has is called."""
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    assert set(re.findall(r"\$\{?([A-Z_]+)", text)) == {"HUICE_DATABASE_PASSWORD"}
    services, environment = COMPOSE["services"], COMPOSE["services"]["huice"]["environment"]
    host = environment["HUICE_DATABASE"].rpartition("@")[2].partition("/")[0]
    assert host in services
    assert environment["HUICE_PROXIES"] == "1"
    named = {s["image"].partition(":")[0]: s["image"] for s in services.values() if "image" in s}
    assert named.keys() == {"postgres", "haproxy"}
    assert int(named["postgres"].rpartition(":")[2]) >= OLDEST_SERVER
    scaling = (PROJECT / "docs" / "scaling.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"^docker compose .*$", scaling, re.MULTILINE)
    (scaled,) = re.findall(r"--scale (\w+)=", command)
    assert scaled in services
    assert command in text


def test_no_password_stands_in_a_file() -> None:
    """It comes from the environment, or from a secret of the cluster."""
    password = COMPOSE["services"]["database"]["environment"]["POSTGRES_PASSWORD"]
    assert password.startswith("${HUICE_DATABASE_PASSWORD:?")
    (container,) = MANIFESTS[0]["spec"]["template"]["spec"]["containers"]
    (database,) = (e for e in container["env"] if e["name"] == "HUICE_DATABASE")
    assert "value" not in database
    assert "secretKeyRef" in database["valueFrom"]


def test_what_runs_may_do_little() -> None:
    """No root, nothing written but where it must, no capability."""
    (container,) = MANIFESTS[0]["spec"]["template"]["spec"]["containers"]
    context = container["securityContext"]
    assert context["readOnlyRootFilesystem"] is True
    assert context["allowPrivilegeEscalation"] is False
    assert context["capabilities"] == {"drop": ["ALL"]}
    assert MANIFESTS[0]["spec"]["template"]["spec"]["securityContext"]["runAsNonRoot"] is True
    service = COMPOSE["services"]["huice"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]


@pytest.mark.deep
@pytest.mark.parametrize("manifest", MANIFESTS, ids=lambda m: m["kind"])
def test_a_manifest_is_what_the_cluster_s_schema_says(manifest: dict[str, Any]) -> None:
    """Of the newest version that the checker knows; a key of no meaning is a fault."""
    checker = pytest.importorskip("kubernetes_validate")
    checker.validate(manifest, checker.latest_version(), strict=True)


@pytest.mark.deep
def test_a_key_of_no_meaning_is_told() -> None:
    """The check above can fail."""
    checker = pytest.importorskip("kubernetes_validate")
    wrong = {**MANIFESTS[1], "spec": {**MANIFESTS[1]["spec"], "portz": []}}
    with pytest.raises(checker.ValidationError):
        checker.validate(wrong, checker.latest_version(), strict=True)


@pytest.mark.parametrize("name", ["/metrics", "/metrics/", "//metrics"])
def test_the_proxy_keeps_counts_of_requests_inside(name: str) -> None:
    """Under each name that the service answers to."""
    front = (DEPLOY / "haproxy.cfg").read_text(encoding="utf-8")
    (kept,) = re.findall(r"http-request deny .* \{ path,url_dec -m reg (\S+) \}", front)
    assert re.search(kept, name)


@pytest.mark.deep
def test_the_proxy_takes_its_settings() -> None:
    program = shutil.which("haproxy", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program is not None, "haproxy is missing: scripts/system_packages.sh deep"
    subprocess.run([program, "-c", "-f", str(DEPLOY / "haproxy.cfg")], check=True)


@pytest.mark.deep
def test_compose_takes_the_file_where_there_is_one(tmp_path: Path) -> None:
    docker = shutil.which("docker")
    compose = [docker or "false", "compose", "version"]
    if subprocess.run(compose, capture_output=True, check=False).returncode != 0:
        pytest.skip("no container engine with compose here")
    assert docker is not None
    subprocess.run(
        [docker, "compose", "-f", str(DEPLOY / "compose.yaml"), "config", "--quiet"],
        env={**os.environ, "HUICE_DATABASE_PASSWORD": "x"},
        check=True,
    )
