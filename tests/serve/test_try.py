"""Records that somebody tries: read, told, and gone."""

import base64
import re
import tempfile
from html import unescape
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from outspread.errors import StoreError
from outspread.serve.pages import app
from outspread.serve.trial import Given, Workshop, example_content, examples

HERE = "http://127.0.0.1:8765"
EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.json"))
NAMES = {
    "breast-years-later": "breast cancer with bone and liver metastases",
    "contradiction": "prostate cancer, extent unknown, possible bone metastases",
    "lung-other-lung-and-adrenal": "lung cancer with adrenal and lung metastases",
    "rectum-locally-advanced": "locally advanced rectal cancer",
    "unknown-primary": "cancer of unknown primary with bone and liver metastases",
}
TABLE = (
    "mrn,date,site,role\n"
    "A,2020-01-02,breast,primary\nA,2021-13-01,liver,secondary\nB,2020,lung,primary\n"
)
INJECTION = "<script>alert(1)</script>"


@pytest.fixture(autouse=True)
def scratch(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The temporary folder of this process, for this test alone."""
    folder = tmp_path_factory.mktemp("scratch")
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def test_the_examples_are_those_that_are_shipped() -> None:
    assert [one.name for one in examples()] == [path.stem for path in EXAMPLES]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_is_told(client: TestClient, path: Path) -> None:
    answer = client.post("/try", data={"example": path.stem})
    assert answer.status_code == 200
    assert NAMES[path.stem] in answer.text.lower()


@pytest.mark.parametrize("name", ["../README", "/etc/passwd", "..%2f..", "breast-years-later\0"])
def test_only_examples_are_examples(client: TestClient, name: str) -> None:
    assert example_content(name) == b""
    assert client.post("/try", data={"example": name}).status_code == 422


def test_a_note_is_told_with_its_words_marked(scratch: Path, client: TestClient) -> None:
    answer = client.post(
        "/try", data={"note": "Colon cancer. New liver metastases. No bone metastases."}
    )
    assert "colon cancer with liver metastases" in answer.text.lower()
    assert "<mark" in answer.text
    assert list(scratch.iterdir()) == []


def test_a_short_note_and_a_pasted_resource_are_read(client: TestClient) -> None:
    short = client.post("/try", data={"note": "Breast cancer."})
    assert "breast cancer, extent unknown" in short.text.lower()
    pasted = client.post("/try", data={"note": EXAMPLES[0].read_text()})
    assert NAMES[EXAMPLES[0].stem] in pasted.text.lower()


def test_the_page_says_that_nothing_is_stored_and_nothing_is(
    scratch: Path, client: TestClient
) -> None:
    assert "Nothing is stored" in client.get("/try").text
    client.post("/try", files={"file": ("x.json", b"{", "application/json")})
    assert list(scratch.iterdir()) == []


def test_a_file_of_fhir_is_told(client: TestClient) -> None:
    answer = client.post("/try", files={"file": ("any name", EXAMPLES[0].read_bytes())})
    assert NAMES[EXAMPLES[0].stem] in answer.text.lower()


def test_a_table_shows_people_problems_and_columns(client: TestClient) -> None:
    page = client.post("/try", files={"file": ("x.csv", TABLE)}).text
    assert "breast cancer with liver metastases" in page
    assert "lung cancer, extent unknown" in page
    row = re.search(r"<tr>.*R020.*</tr>", page)
    assert row
    assert "row 3" in row[0]
    assert "date" in row[0]
    assert "<option selected>mrn</option>" in page


def test_columns_can_be_changed_and_read_again(client: TestClient) -> None:
    table = "who,when,where,what\nA,2020-01-02,breast,primary\nA,2021,liver,secondary\n"
    first = client.post("/try", files={"file": ("x.csv", table)})
    assert first.status_code == 422
    assert "R062" in first.text
    content = re.search(r'name="content" value="([^"]*)"', first.text)
    assert content
    assert base64.b64decode(content[1]).decode() == table
    chosen = {"map-patient_id": "who", "map-date": "when", "map-site": "where", "map-role": "what"}
    again = client.post("/try", data={"content": content[1]} | chosen)
    assert "breast cancer with liver metastases" in again.text
    assert "<option selected>where</option>" in again.text


def test_one_person_of_a_table_has_a_page(client: TestClient) -> None:
    content = base64.b64encode(TABLE.encode()).decode()
    page = client.post("/try", data={"content": content, "patient": "A"}).text
    assert "<h1>Patient A</h1>" in page
    assert "row 3, date" in unescape(page)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "nothing to read"),
        (b"   \n", "nothing to read"),
        (b"\x1f\x8b\x08\x00bomb", "packed"),
        (b"PK\x03\x04zip", "packed"),
        (b"PAR1", "packed"),
        (b"{", "R0"),
        (b'{"resourceType": "Bundle", "entry": 7}', "Nobody was found"),
        (b"<?xml version='1.0'?><NaaccrData>", "R101"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><NaaccrData>&b;</NaaccrData>', "R0"),
        (b"\x00\x01\x02\xff" * 100, "R0"),
        (b"[" * 100_000, "R0"),
    ],
    ids=lambda one: str(one)[:20],
)  # fmt: skip
def test_malformed_input_is_told_by_code_and_never_shown(
    scratch: Path, client: TestClient, content: bytes, said: str
) -> None:
    answer = client.post("/try", files={"file": ("x", content)})
    assert answer.status_code in (200, 422)
    assert said in answer.text
    assert list(scratch.iterdir()) == []


def test_malformed_forms_are_refused(client: TestClient) -> None:
    broken = client.post("/try", content=b"--x\r\nnonsense",
                         headers={"content-type": "multipart/form-data; boundary=x"})  # fmt: skip
    assert broken.status_code in (400, 422)
    many = client.post("/try", data={f"field{number}": "x" for number in range(1000)},
                       files={"file": ("x", b"")})  # fmt: skip
    assert many.status_code == 400
    two = client.post("/try", files=[("file", ("a", b"x")), ("file", ("b", b"x"))])
    assert two.status_code == 400
    not_base64 = client.post("/try", data={"content": "***"})
    assert not_base64.status_code == 422


def test_a_file_name_goes_nowhere(client: TestClient, tmp_path: Path) -> None:
    name = f"../../..{tmp_path}/{INJECTION}"
    answer = client.post("/try", files={"file": (name, TABLE)})
    assert answer.status_code == 200
    assert "alert(1)" not in answer.text
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    "content",
    [
        TABLE.replace("A,", f'"{INJECTION}",'),
        TABLE.replace("mrn", f'mrn,"{INJECTION}"').replace("A,", "A,x,").replace("B,", "B,x,"),
        TABLE.replace("liver", INJECTION),
        f"Breast cancer {INJECTION} with liver metastases {INJECTION}.",
        '{"resourceType":"Condition","id":"<script>alert(1)</script>","subject":{"reference":'
        '"Patient/<script>alert(1)</script>"},"code":{"coding":[{"system":'
        '"http://hl7.org/fhir/sid/icd-10-cm","code":"C50.9","display":"<script>alert(1)</script>"}]}}',
    ],
    ids=["id", "header", "cell", "note", "resource"],
)  # fmt: skip
def test_script_in_what_is_tried_stays_text(client: TestClient, content: str) -> None:
    answer = client.post("/try", files={"file": ("x", content.encode())})
    assert answer.status_code in (200, 422)
    assert "<script>alert" not in answer.text


def test_a_chosen_column_that_is_none_of_ours_is_an_error(client: TestClient) -> None:
    content = base64.b64encode(TABLE.encode()).decode()
    answer = client.post("/try", data={"content": content, "map-nonsense": "mrn"})
    assert answer.status_code == 422
    assert "R063" in answer.text


@pytest.mark.slow
def test_what_takes_too_long_is_ended_and_the_next_one_is_read(scratch: Path, folder: Path) -> None:
    with TestClient(app(folder), base_url=HERE) as slow:
        slow.app.state.workshop = workshop = Workshop(most_seconds=0.01)  # type: ignore[attr-defined]
        answer = slow.post("/try", data={"note": "Breast cancer."})
        assert answer.status_code == 422
        assert "W008" in answer.text
        assert list(scratch.iterdir()) == []
        workshop._most_seconds = 60
        assert slow.post("/try", data={"note": "Breast cancer."}).status_code == 200
        workshop.close()


def test_who_waits_too_long_for_a_worker_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("outspread.serve.trial.MOST_WAITING", 0.01)
    workshop = Workshop()
    taken = [workshop._free.get(), workshop._free.get()]
    assert taken == [None, None]
    with pytest.raises(StoreError, match="W008: others are trying"):
        workshop.tell(Given(b"Breast cancer.", {}))
