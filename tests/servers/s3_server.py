"""moto's S3 server, in a thread of this process, on the loopback."""

from __future__ import annotations

import uuid

import pytest


class S3Server:
    """A server with one bucket, and an environment that leads to it.

    Args:
        monkeypatch: sets the environment.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        import botocore.session
        from moto.server import ThreadedMotoServer

        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self._server.start()
        self.bucket = f"bucket-{uuid.uuid4().hex}"  # moto's buckets outlive its server
        host, port = self._server.get_host_and_port()
        for name, value in {
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_ACCESS_KEY_ID": "key",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }.items():
            monkeypatch.setenv(name, value)
        self.client = botocore.session.Session().create_client("s3")
        self.client.create_bucket(Bucket=self.bucket)

    def close(self) -> None:
        """End it."""
        self._server.stop()
