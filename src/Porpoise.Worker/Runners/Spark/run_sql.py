"""Runs the statements of a file with Spark, one after another, and says which one failed. Its one argument is the file's name."""
import json
import sys
import time

CELL_MAX = 500
VALUE_MAX = 64 * 1024


def cell(value):
    text = "NULL" if value is None else str(value)
    text = text.replace("\r", "\\r").replace("\n", "\\n").replace("\t", "\\t")
    return text if len(text) <= CELL_MAX else text[:CELL_MAX] + "…"


def show(columns, rows, more):
    table = [[cell(c) for c in columns]] + [[cell(v) for v in row] for row in rows]
    widths = [max(len(row[i]) for row in table) for i in range(len(columns))]
    for number, row in enumerate(table):
        print(" | ".join(text.ljust(width) for text, width in zip(row, widths)).rstrip())
        if number == 0:
            print("-+-".join("-" * width for width in widths))
    print("(%d %s%s)" % (len(rows), "row" if len(rows) == 1 else "rows", ", and more that are not shown" if more else ""))


def run(spark, statement, rows_max):
    began = time.monotonic()
    result = spark.sql(statement["text"])
    rows, more = [], False
    if result.columns:
        rows = result.limit(rows_max + 1).collect()
        more, rows = len(rows) > rows_max, rows[:rows_max]
        show(result.columns, rows, more)
    print("-- done in %.1f s" % (time.monotonic() - began), flush=True)
    return result.columns, rows


def use(spark, work):
    if work["catalog"]:
        spark.sql("use `%s`" % work["catalog"])
    if work["database"]:
        spark.sql("use `%s`" % work["database"])


def main(name):
    with open(name, encoding="utf-8") as file:
        work = json.load(file)
    from pyspark.sql import SparkSession
    spark = SparkSession.builder.getOrCreate()
    statements = work["statements"]
    outputs, number, line = {}, 0, 1
    try:
        use(spark, work)
        for number, statement in enumerate(statements, start=1):
            line = statement["line"]
            print("-- statement %d of %d, line %d" % (number, len(statements), line), flush=True)
            columns, rows = run(spark, statement, work["rowsMax"])
            if columns and rows:
                outputs = {c: "" if v is None else str(v)[:VALUE_MAX] for c, v in zip(columns, rows[0])}
    except Exception as error:  # whatever Spark raises: the log is to say which statement it was
        print("-- FAILED: statement %d of %d, line %d: %s" % (number, len(statements), line, str(error).strip()[:16000]), flush=True)
        spark.stop()
        return 1
    if work["outputs"]:
        with open(work["outputs"], "w", encoding="utf-8") as file:
            json.dump(outputs, file)
    spark.stop()
    return 0


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")
    sys.exit(main(sys.argv[1]))
