"""Of PySpark as much as run_sql.py uses, over SQLite: enough to see what that program does with statements, results and errors."""
import sqlite3


class DataFrame:
    def __init__(self, cursor):
        self.columns = [c[0] for c in cursor.description or []]
        self._rows = cursor.fetchall()

    def limit(self, most):
        self._rows = self._rows[:most]
        return self

    def collect(self):
        return self._rows


class SparkSession:
    class builder:
        @staticmethod
        def getOrCreate():
            return SparkSession()

    def __init__(self):
        self._database = sqlite3.connect(":memory:")

    def sql(self, text):
        return DataFrame(self._database.execute(text))

    def stop(self):
        self._database.close()
