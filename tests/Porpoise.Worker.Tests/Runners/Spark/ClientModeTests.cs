using Porpoise.Core.Library;
using Porpoise.Core.Parameters;
using Porpoise.Core.Tasks;
using Porpoise.Worker.Processes;

namespace Porpoise.Worker.Tests.Runners.Spark;

/// <summary>The driver is a process of the attempt: its exit code is the outcome. The codes are those measured with a real Spark.</summary>
public sealed class ClientModeTests : SparkTest
{
    [Fact]
    public async Task A_program_that_ends_well_succeeds()
    {
        Assert.Equal(0, await ExitOfAsync(CloudOrder(Python("print('工 done')"))));
        Assert.Contains("工 done\n", ReadLog(), StringComparison.Ordinal);
        Assert.Equal(["--master", "local[*]", "--deploy-mode", "client"], CallOf(1)[..4]);
        Assert.False(File.Exists(Folder.Path + "/.submission"));
    }

    [Theory]
    [InlineData("raise Exception('no')", 1)]
    [InlineData("import sys; sys.exit(3)", 3)]
    public async Task The_exit_code_of_a_Python_program_is_the_attempts(string code, int expected)
    {
        Assert.Equal(expected, await ExitOfAsync(CloudOrder(Python(code))));
        Assert.Contains("FAILED: the driver ended with exit code", ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_class_that_is_not_there_is_101_and_said()
    {
        Assert.Equal(101, await ExitOfAsync(CloudOrder(Jar(mainClass: "no.such.Class"))));
        Assert.Contains("does not find the main class", ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_2_and_said()
    {
        Assert.Equal(2, await ExitOfAsync(CloudOrder(new DevelopmentTask("p", DevelopmentTaskKind.Python) { EntryFile = "/no/such.py" })));
        Assert.Contains("a file that it was given is not there", ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_spark_submit_that_cannot_be_started_fails_with_the_reason_and_is_no_lost_application()
    {
        File.SetUnixFileMode(Path.Combine(Home, "bin/spark-submit"), UnixFileMode.UserRead);
        Assert.Equal(1, await ExitOfAsync(CloudOrder(Python("pass"))));
        Assert.Contains("spark-submit cannot be started: ", ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_option_that_Spark_does_not_know_is_1() =>
        Assert.Equal(1, await ExitOfAsync(DolphinOrder("""{"programType":"JAVA","mainClass":"org.X","mainJar":{"resourceName":"x.jar"},"others":"--no-such 1"}""")));

    [Fact]
    public async Task A_driver_that_somebody_else_ends_is_143_and_no_stop()
    {
        Assert.Equal(143, await ExitOfAsync(CloudOrder(Python("import os, signal; os.kill(os.getpid(), signal.SIGTERM)"))));
        Assert.Contains("signal 15", ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stop_ends_the_driver()
    {
        var pipe = NewPipe();
        var worker = NewSparkWorker();
        var order = CloudOrder(Python($"import os, time\nopen('{pipe}', 'w').write(str(os.getpid()))\ntime.sleep(600)"));
        worker.Start(order);
        var driver = await pipe.ReadPidAsync();
        worker.End(order);
        Assert.IsType<AttemptOutcome.Killed>(await Reports.OfAsync(Key));
        Assert.False(IsAlive(driver));
    }

    [Fact]
    public async Task Without_its_watcher_the_driver_is_ended_and_the_attempt_lost()
    {
        var pipe = NewPipe();
        NewSparkWorker().Start(CloudOrder(Python($"import os, time\nopen('{pipe}', 'w').write(f'{{os.getpid()}} {{os.getppid()}}')\ntime.sleep(600)")));
        var ids = (await pipe.ReadAsync()).Split(' ').Select(int.Parse).ToArray();
        Libc.Kill(ids[1], Libc.SigKill);
        Assert.Contains("exit code 137", Assert.IsType<AttemptOutcome.Lost>(await Reports.OfAsync(Key)).Reason, StringComparison.Ordinal);
        Assert.False(IsAlive(ids[0]));
    }

    [Fact]
    public async Task A_server_that_was_killed_meanwhile_finds_the_driver_again()
    {
        var (begun, go) = (NewPipe(), NewPipe());
        var order = CloudOrder(Python($"open('{begun}', 'w').write('1')\nopen('{go}').read()"));
        var first = NewSparkWorker();
        first.Start(order);
        await begun.ReadAsync();
        await first.DisposeAsync(); // it lets go of everything, as a kill does; the victim tests do that for real
        NewSparkWorker().Resume(order with { Program = TaskProgram.None });
        await go.WriteAsync();
        Assert.Equal(new AttemptOutcome.Exited(0), await Reports.OfAsync(Key));
        Assert.Equal(1, Submitted);
    }

    [Fact]
    public async Task Arguments_are_one_each_whatever_is_in_them_and_settings_are_in_no_list_of_processes()
    {
        const string Hostile = "'; touch X #$(touch X) \\\"\"\" 工";
        var task = Python("import sys, json; print(json.dumps(sys.argv[1:]))") with
        {
            Arguments = ["a ${v} b", "", "${unknown}", "--master"],
            Settings = [KeyValuePair.Create("spark.secret", "${v}\nnext = line")],
        };
        Assert.Equal(0, await ExitOfAsync(CloudOrder(task, new Dictionary<string, string> { ["v"] = Hostile })));
        var shown = ReadLog().Split('\n').Single(l => l.StartsWith('['));
        Assert.Equal([$"a {Hostile} b", "", "${unknown}", "--master"], System.Text.Json.JsonElement.Parse(shown).EnumerateArray().Select(a => a.GetString()));
        Assert.DoesNotContain("next", string.Join('\n', CallOf(1)), StringComparison.Ordinal);
        Assert.Contains("""spark.secret='; touch X #$(touch X) \\""" + "\"\"\" \\u5de5\\nnext = line", SettingsOf(1));
    }

    [Fact]
    public async Task A_value_in_the_text_of_a_Python_program_is_data()
    {
        const string Hostile = "\"\"\"'; import os #${x}\n工";
        Assert.Equal(0, await ExitOfAsync(CloudOrder(Python("print(repr('${v}'), repr(${v}))"), new Dictionary<string, string> { ["v"] = Hostile })));
        Assert.Contains("'\"\"\"\\'; import os #${x}\\n工' '\"\"\"\\'; import os #${x}\\n工'", ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_of_the_installation_count_where_nobody_says_otherwise()
    {
        Directory.CreateDirectory(Path.Combine(Home, "conf"));
        await File.WriteAllTextAsync(Path.Combine(Home, "conf", "spark-defaults.conf"), "spark.a  1\nspark.b  1", TestContext.Current.CancellationToken);
        Assert.Equal(0, await ExitOfAsync(CloudOrder(Python("") with { Code = "pass", Settings = [KeyValuePair.Create("spark.b", "2")] }, taskParams: """{"sparkConf":[{"key":"spark.c","value":"3"}],"sparkDriverMemory":"2g"}""")));
        var settings = SettingsOf(1);
        Assert.Equal(["spark.a  1", "spark.b  1"], settings[..2]);
        Assert.Superset(new HashSet<string> { "spark.b=2", "spark.c=3", "spark.driver.memory=2g", $"spark.yarn.tags=porpoise-{InstallId[..24]}-run-7,porpoise-{InstallId[..24]}-task-12345,{AttemptTag()}" }, settings.ToHashSet());
    }

    [Fact]
    public async Task What_DolphinScheduler_says_becomes_options_and_settings()
    {
        const string Params = """
            {"programType":"SCALA","mainClass":"org.X","mainJar":{"resourceName":"/j/x.jar"},"deployMode":"local","appName":"name","driverCores":1,"driverMemory":"512M","numExecutors":2,
             "executorCores":3,"executorMemory":"2G","mainArgs":"a 'b ${v}' \"\"","others":"--conf spark.x=${v} --conf \"spark.y=1 2\" --files f","yarnQueue":"q"}
            """;
        Assert.Equal(0, await ExitOfAsync(DolphinOrder(Params, new Dictionary<string, string> { ["v"] = "c d" })));
        var call = CallOf(1);
        Assert.Equal(["--name", $"name [{AttemptTag()}]"], call[4..6]);
        Assert.Equal(["--class", "org.X", "--files", "f", "/j/x.jar", "a", "b c d", ""], call[8..]);
        Assert.Superset(new HashSet<string> { "spark.driver.cores=1", "spark.driver.memory=512M", "spark.executor.instances=2", "spark.executor.cores=3", "spark.executor.memory=2G", "spark.yarn.queue=q", "spark.x=c d", "spark.y=1 2" }, SettingsOf(1).ToHashSet());
    }

    [Theory]
    [InlineData("""{"programType":"JAVA","mainClass":"X"}""", "mainJar")]
    [InlineData("""{"programType":"R"}""", "programType")]
    [InlineData("""{"programType":"SQL","rawScript":"-- nothing\n;"}""", "no statement")]
    [InlineData("""{"programType":"SQL","rawScript":"select 1","sqlExecutionType":"FILE"}""", "rawScript")]
    [InlineData("""{"programType":"SQL","rawScript":"select 1","others":"--master yarn"}""", "--master")]
    [InlineData("""{"programType":"SQL","rawScript":"select 1","others":"--conf x"}""", "--conf")]
    [InlineData("""{"programType":"SQL","rawScript":"select 1","others":"'"}""", "quote")]
    [InlineData("""{"programType":"SQL","rawScript":"select 1","master":"mesos://x","deployMode":"cluster"}""", "mesos://x")]
    [InlineData("""{"programType":"SQL","rawScript":"select 1","master":"spark://x:7077","deployMode":"cluster"}""", "only drivers of JARs")]
    [InlineData("""{"programType":"SQL","rawScript":"select 1","master":"yarn","deployMode":"cluster"}""", "--spark-yarn-url")]
    public async Task What_cannot_be_run_fails_before_anything_is_submitted_and_says_what_would_be_right(string taskParams, string said)
    {
        Assert.Equal(1, await ExitOfAsync(DolphinOrder(taskParams)));
        Assert.Contains(said, ReadLog().Split("FAILED: ")[1], StringComparison.Ordinal);
        Assert.Equal(0, Submitted);
    }

    [Fact]
    public async Task Without_a_Spark_it_says_how_to_configure_one()
    {
        Assert.Equal(1, await ExitOfAsync(CloudOrder(Python("pass")), s => s with { Home = "" }));
        Assert.Contains("set SPARK_HOME or --spark-home", ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Statements_are_run_one_after_another_and_their_results_shown()
    {
        const string Text = "create table t (a, b);\ninsert into t values (1, '工;'), (2, null); -- two; rows\n\nselect a, b, '${v}' c, ${n} n from t\norder by a";
        var order = CloudOrder(Sql(Text), new Dictionary<string, string> { ["v"] = "工", ["n"] = "-5" }, local: [new Parameter("n", ParameterDirection.In, "INTEGER", ""), new Parameter("b", ParameterDirection.Out, "VARCHAR", "")]);
        var outcome = Assert.IsType<AttemptOutcome.Exited>(await RunAsync(order));
        var log = ReadLog();
        Assert.True(outcome.Code == 0, log);
        Assert.Contains("-- statement 3 of 3, line 4\na | b    | c", log, StringComparison.Ordinal);
        Assert.Contains("(2 rows)", log, StringComparison.Ordinal);
        Assert.Equal("工;", outcome.Outputs["b"]);
    }

    [Fact]
    public async Task A_statement_that_fails_is_named()
    {
        Assert.Equal(1, await ExitOfAsync(CloudOrder(Sql("select 1;\n\nselect * from nowhere;\nselect 2"))));
        Assert.Contains("-- FAILED: statement 2 of 3, line 3: no such table: nowhere", ReadLog(), StringComparison.Ordinal);
        Assert.DoesNotContain("statement 3 of 3", ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_result_is_cut_and_says_so()
    {
        Assert.Equal(0, await ExitOfAsync(CloudOrder(Sql("with recursive n(i) as (select 1 union all select i + 1 from n where i < 5000) select i from n"))));
        Assert.Contains("(1000 rows, and more that are not shown)", ReadLog(), StringComparison.Ordinal);
    }
}
