"""Small schemas of what we write of Compose and Kubernetes: a misspelt or unknown key is found.

Excerpts, by hand, of the Compose specification and of the Kubernetes API reference (v1.32): only
the keys that we use are known here.
"""

from typing import Any

TEXT = {"type": "string"}
LIST = {"type": "array"}
MAP = {"type": "object"}


def closed(required: tuple[str, ...] = (), /, **properties: Any) -> dict[str, Any]:
    """An object with these keys and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


def every(schema: dict[str, Any]) -> dict[str, Any]:
    """An object whose values are all of this shape."""
    return {"type": "object", "additionalProperties": schema}


DURATION = {"type": "string", "pattern": "^[0-9]+(s|m)$"}
HEALTH = closed(
    ("test",),
    test={"type": "array", "prefixItems": [{"enum": ["CMD", "CMD-SHELL", "NONE"]}]},
    interval=DURATION,
    timeout=DURATION,
    retries={"type": "integer"},
    start_period=DURATION,
)
SERVICE = closed(
    image=TEXT,
    build=TEXT,
    command=LIST,
    entrypoint=LIST,
    hostname=TEXT,
    restart={"enum": ["unless-stopped", "always", "no", "on-failure"]},
    init={"type": "boolean"},
    user=TEXT,
    read_only={"type": "boolean"},
    tmpfs=LIST,
    cap_drop=LIST,
    security_opt=LIST,
    environment=every({"type": ["string", "number", "null"]}),
    secrets=LIST,
    networks=LIST,
    ports=LIST,
    volumes=LIST,
    depends_on={
        "anyOf": [LIST, every(closed(("condition",), condition=TEXT))],
    },
    logging=closed(("driver",), driver=TEXT, options=MAP),
    healthcheck=HEALTH,
    stop_grace_period=DURATION,
)
COMPOSE: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": TEXT,
        "services": every(SERVICE),
        "volumes": every({"type": ["object", "null"]}),
        "networks": every(closed(internal={"type": "boolean"})),
        "secrets": every(closed(("file",), file=TEXT)),
    },
    "patternProperties": {"^x-": {}},
    "additionalProperties": False,
    "required": ["services"],
}

PROBE = closed(
    httpGet=closed(("path", "port"), path=TEXT, port={"type": ["string", "integer"]}),
    exec=closed(("command",), command=LIST),
    periodSeconds={"type": "integer"},
    timeoutSeconds={"type": "integer"},
    initialDelaySeconds={"type": "integer"},
    failureThreshold={"type": "integer"},
)
CONTAINER = closed(
    ("name", "image", "args", "securityContext", "resources"),
    name=TEXT,
    image=TEXT,
    args=LIST,
    envFrom=LIST,
    ports={
        "type": "array",
        "items": closed(("containerPort",), name=TEXT, containerPort={"type": "integer"}),
    },
    livenessProbe=PROBE,
    readinessProbe=PROBE,
    resources=closed(requests=MAP, limits=MAP),
    securityContext=closed(
        ("allowPrivilegeEscalation", "readOnlyRootFilesystem", "capabilities"),
        allowPrivilegeEscalation={"const": False},
        readOnlyRootFilesystem={"const": True},
        capabilities=closed(("drop",), drop={"const": ["ALL"]}),
    ),
    volumeMounts=LIST,
)
POD = closed(
    ("metadata", "spec"),
    metadata=closed(labels=MAP, annotations=every(TEXT)),
    spec=closed(
        ("containers", "securityContext"),
        containers={"type": "array", "items": CONTAINER},
        securityContext=closed(
            ("runAsNonRoot", "runAsUser"),
            runAsNonRoot={"const": True},
            runAsUser={"type": "integer", "minimum": 1},
            runAsGroup={"type": "integer"},
            fsGroup={"type": "integer"},
        ),
        terminationGracePeriodSeconds={"type": "integer"},
        volumes=LIST,
    ),
)
SELECTOR = closed(matchLabels=MAP)
SPECS = {
    ("v1", "Namespace"): None,
    ("v1", "ConfigMap"): {"data": every(TEXT)},
    ("v1", "Secret"): {"type": TEXT, "stringData": every(TEXT)},
    ("v1", "Service"): {
        "spec": closed(("selector", "ports"), selector=MAP, ports=LIST, clusterIP=TEXT)
    },
    ("apps/v1", "Deployment"): {
        "spec": closed(
            ("selector", "template"), replicas={"type": "integer"}, selector=SELECTOR, template=POD
        )
    },
    ("apps/v1", "StatefulSet"): {
        "spec": closed(
            ("serviceName", "selector", "template"),
            serviceName=TEXT,
            replicas={"type": "integer"},
            selector=SELECTOR,
            template=POD,
            volumeClaimTemplates=LIST,
        )
    },
    ("networking.k8s.io/v1", "Ingress"): {"spec": closed(("rules",), tls=LIST, rules=LIST)},
    ("networking.k8s.io/v1", "NetworkPolicy"): {
        "spec": closed(
            ("podSelector", "policyTypes"), podSelector=SELECTOR, policyTypes=LIST, ingress=LIST
        )
    },
    ("policy/v1", "PodDisruptionBudget"): {
        "spec": closed(("selector",), minAvailable={"type": "integer"}, selector=SELECTOR)
    },
}


def manifest_schema(item: dict[str, Any]) -> dict[str, Any]:
    """The schema of one Kubernetes object. Raises KeyError for a kind that is not known here."""
    parts = SPECS[item["apiVersion"], item["kind"]] or {}
    return closed(
        ("apiVersion", "kind", "metadata", *(name for name in parts if name != "type")),
        apiVersion=TEXT,
        kind=TEXT,
        metadata=closed(("name",), name=TEXT, namespace=TEXT),
        **parts,
    )
