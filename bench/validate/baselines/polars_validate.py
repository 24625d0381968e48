"""polars baseline with the CORRECT semantics, the fastest tool we know for this job: CSV only.

    python polars_validate.py DATA_DIR OUT_DIR

Same input and same outputs as duckdb_validate.py. Texts are keyed by polars' 64-bit hash (Assay: SHA-256).
"""
import argparse, json, os, time
import polars as pl

ap = argparse.ArgumentParser(); ap.add_argument("data"); ap.add_argument("out")
a = ap.parse_args(); t0 = time.time(); os.makedirs(a.out, exist_ok=True)
r = pl.scan_csv(os.path.join(a.data, "labeled/*/*/*/*.csv"), infer_schema=False, empty_string_is_null=False, include_file_paths="filename",
                row_index_name="o").collect()
ext = "doc_id" in r.columns
ws = r"[\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+"
key = pl.col("doc_id") if ext else pl.col("text").str.normalize("NFC").str.replace_all(ws, " ").str.strip_chars(" ").hash()
at = (pl.col("annotated_at").str.to_datetime("%Y-%m-%dT%H:%M:%S%.3fZ", time_unit="ms", strict=False) if ext
      else pl.lit(None, pl.Datetime("ms")))
v = r.lazy().with_columns(key.alias("k"), at.alias("ts"), pl.col("annotator_id", "label").str.strip_chars(), cs=pl.col("confidence_score").str.strip_chars())
number = pl.col("cs").str.contains(r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$")
c = pl.col("cs").cast(pl.Float64, strict=False)
v = v.with_columns(c=c, reason=pl.when(pl.col("text").str.strip_chars() == "").then(pl.lit("missing_text"))
    .when(pl.col("label") == "").then(pl.lit("missing_label")).when(pl.col("cs") == "").then(pl.lit("confidence_missing"))
    .when(~number).then(pl.lit("confidence_not_a_number")).when(~c.is_between(0, 1)).then(pl.lit("confidence_out_of_range")).otherwise(None)).collect()
bad = v.filter(pl.col("reason").is_not_null())
votes = v.filter(pl.col("reason").is_null()).select("o", "k", "annotator_id", "label", "c", "ts")
once = votes.unique(["k", "annotator_id", "label", "c", "ts"], keep="first", maintain_order=True)
live = once.sort("ts", "o", nulls_last=False).unique(["k", "annotator_id"], keep="last")
d = live.group_by("k").agg(n_labels=pl.col("label").n_unique(), max_c=pl.col("c").max()).select("k", decision=
    pl.when(pl.col("n_labels") > 1).then(pl.lit("disagreement")).when(pl.col("max_c") >= 0.8).then(pl.lit("gold")).otherwise(pl.lit("low_confidence")))
j = live.join(d, on="k")
texts = r["text"]
def with_text(f): return f.with_columns(text=texts.gather(f["o"]))
out = lambda n: os.path.join(a.out, n)
with_text(j.filter(pl.col("decision") == "gold").sort("o")).select("k", "text", "annotator_id", "label", confidence_score="c").write_ndjson(out("gold.jsonl"))
dis = j.filter(pl.col("decision") == "disagreement").group_by("k").agg(pl.col("o").first(), labels=pl.col("label").unique(),
    votes=pl.struct("annotator_id", "label", confidence_score="c"))
with_text(dis).select("k", "text", "labels", "votes").write_ndjson(out("disagreements.jsonl"))
bad.select("filename", "reason", "text", "annotator_id", "label", confidence_score="cs").write_ndjson(out("rejected.jsonl"))
s = {"rows": r.height, "rejected_rows": dict(sorted(bad.group_by("reason").len().iter_rows())), "documents": d.height, "live_rows": live.height,
     "decisions": dict(sorted(d.group_by("decision").len().iter_rows())), "duplicate_rows": votes.height - once.height, "superseded_rows": once.height - live.height}
s["seconds"] = round(time.time() - t0, 3)
json.dump(s, open(out("summary.json"), "w"), indent=1); print(json.dumps(s))
