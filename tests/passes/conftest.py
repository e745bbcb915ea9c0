"""What binding asks is answered by the recorded answers of the embedded model."""

from cassettes import model_cassette

__all__ = ["model_cassette"]
