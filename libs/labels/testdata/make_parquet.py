"""Writes the Parquet files beside it, as the tools people use write them (pip install pyarrow==26.0.1).

    python make_parquet.py

Two votes on each of two documents, in every type and codec that label files arrive in.
"""
import datetime as dt, decimal, os
import pyarrow as pa, pyarrow.parquet as pq

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "parquet")
TEXTS = ["My invoice is wrong", "My invoice is wrong", 'Zürich says "503",\nagain', 'Zürich says "503",\nagain']
LABELS = ["billing", "bug", "bug", "bug"]
CONFIDENCES = [0.93, 0.7, 0.57, 0.8]
AT = [dt.datetime(2026, 11, 20, 10, 0, 0, 123456 + i, tzinfo=dt.timezone.utc) for i in range(4)]

def write(name, columns, **options):
    pq.write_table(pa.table(columns), os.path.join(HERE, name + ".parquet"), **options)

def basic(confidence, annotator=pa.array([1, 2, 1, 2], pa.int32())):
    return {"text": pa.array(TEXTS), "annotator_id": annotator, "label": pa.array(LABELS), "confidence_score": confidence}

for codec in ["none", "snappy", "gzip", "zstd", "brotli", "lz4"]:
    write(codec, basic(pa.array(CONFIDENCES)), compression=codec)
write("float32", basic(pa.array(CONFIDENCES, pa.float32())))
write("decimal", basic(pa.array([decimal.Decimal("%.2f" % c) for c in CONFIDENCES], pa.decimal128(5, 2))))
write("strings", basic(pa.array(["0.93", "0,70", "57%", None]), pa.array(["ann@example.com", "bob", None, " "])))
write("not_finite", basic(pa.array([float("nan"), float("inf"), None, 1.5])))
write("int64_dictionary", basic(pa.array([1, 0, 1, 1]), pa.array([2**53 + 1, 2, 1, 2], pa.int64())), use_dictionary=True)
write("large_string", {**basic(pa.array(CONFIDENCES)), "text": pa.array(TEXTS, pa.large_string())})
write("timestamps", {**basic(pa.array(CONFIDENCES)), "annotated_at": pa.array(AT, pa.timestamp("us", tz="UTC"))})
write("timestamps_ns", {**basic(pa.array(CONFIDENCES)), "annotated_at": pa.array(AT, pa.timestamp("ns", tz="UTC"))})
write("label_lists", {**basic(pa.array(CONFIDENCES)), "label": pa.array([["a", "b"], ["b", "a"], ["a"], []], pa.list_(pa.string()))})
write("row_groups", basic(pa.array(CONFIDENCES)), row_group_size=1)
write("aliases", {"UNIQUE_DOC_ID": pa.array(["d1", "d1", "d2", None]), "Label": pa.array(LABELS), "LabelConfidence": pa.array(CONFIDENCES), "note": pa.array(["x"] * 4)})
write("no_label", {"text": pa.array(TEXTS), "confidence_score": pa.array(CONFIDENCES)})
write("no_rows", basic(pa.array([], pa.float64()), pa.array([], pa.int32())) | {"text": pa.array([], pa.string()), "label": pa.array([], pa.string())})

# Small where it lies, large where it is read: a value of 50 MB that a dictionary repeats.
write("long_cells", {"text": pa.DictionaryArray.from_arrays(pa.array([0] * 60, pa.int32()), ["x" * 50_000_000]), "label": pa.array(["bug"] * 60), "confidence_score": pa.array([0.9] * 60)}, compression="brotli")
