using Porpoise.LiveServer.Callers;

namespace Porpoise.Wire.Tests.Cases;

/// <summary>StartProcessInstance.</summary>
internal static class StartCases
{
    private const int WorkspaceNotFound = 10018;
    private const int QueueNotFound = 10128;
    private const int VersionNotFound = 10153;
    private const int WorkflowNotFound = 50003;
    private const int NotPublished = 50004;
    private const int NotHonoured = 1500001;
    private const int TokenReused = 1500002;
    private const int TypeNotRunnable = 1500014;
    private const int SparkNotConfigured = 1500064;

    public static CaseList List { get; } = Make();

    private static CaseList Make()
    {
        var list = new CaseList("start");
        AddSuccesses(list);
        AddVersions(list);
        AddRefusals(list);
        AddTokens(list);
        AddWhatIsNotBuiltYet(list);
        return list;
    }

    private static void AddSuccesses(CaseList list)
    {
        list.Add("the code alone", Expected.Success, s => PublishedAsync(s));
        list.Add("by query", Expected.Success, s => PublishedAsync(s, Travel.Query));
        list.Add("by form", Expected.Success, s => PublishedAsync(s, Travel.Form));
        list.Add("by JSON", Expected.Success, s => PublishedAsync(s, Travel.Json, ("isProd", true), ("versionNumber", 1)));
        list.Add("the code as text in JSON", Expected.Success, async s => await s.CallStartAsync([("processDefinitionCode", $"{await s.CreateAsync(publish: true)}"), ("isProd", "TRUE")], Travel.Json));
        foreach (var flag in (string[])["true", "True", "TRUE", "false", "False"])
        {
            list.Add("isProd " + flag, Expected.Success, s => PublishedAsync(s, null, ("isProd", flag)));
        }

        foreach (var queue in (string[])["root_queue", "dev_queue"])
        {
            list.Add("runtimeQueue " + queue, Expected.Success, s => PublishedAsync(s, null, ("runtimeQueue", queue), ("isProd", queue == "root_queue")));
        }

        list.Add("everything", Expected.Success, s => PublishedAsync(
            s, null, ("versionNumber", 1), ("isProd", true), ("runtimeQueue", "root_queue"), ("regionId", "cn-hangzhou"), ("interval", "5"), ("action", "START"), ("comments", "again, 再来"), ("email", "ops@example.com")));
        list.Add("empty equals absent", Expected.Success, s => PublishedAsync(
            s, null,
            [.. ((string[])
            [
                "versionNumber", "isProd", "runtimeQueue", "versionHashCode", "regionId", "interval", "action", "comments", "email", "runMode", "expectedParallelismNumber", "startNodeList", "warningGroupId",
                "environmentCode", "startParams", "execType", "dryRun", "scheduleTime", "failureStrategy", "processInstancePriority", "workerGroup",
            ]).Select(n => (n, (object?)""))]));
        list.Add("what DolphinScheduler's own UI sends", null, Expected.Success, s => PublishedAsync(
            s, null, ("failureStrategy", "CONTINUE"), ("warningType", "NONE"), ("warningGroupId", ""), ("execType", "START_PROCESS"), ("startNodeList", ""), ("taskDependType", "TASK_POST"),
            ("complementDependentMode", "OFF_MODE"), ("runMode", "RUN_MODE_SERIAL"), ("processInstancePriority", "MEDIUM"), ("workerGroup", "default"), ("environmentCode", ""), ("startParams", ""),
            ("expectedParallelismNumber", ""), ("dryRun", 0), ("scheduleTime", """{"complementStartDate":"2026-11-23 00:00:00","complementEndDate":"2026-11-23 00:00:00"}""")));
        list.Add("start parameters", Expected.Success, s => PublishedAsync(s, null, ("startParams", """{"dt":"20260101"}""")));
        list.Add("not published, in development", Expected.Success, Expected.Refused(NotPublished), async s => await s.CallStartAsync([("processDefinitionCode", await s.CreateAsync())]));
    }

    private static void AddVersions(CaseList list)
    {
        list.Add("versionNumber of an earlier version", Expected.Success, s => TwoVersionsAsync(s, (_, _) => [("versionNumber", 1)]));
        list.Add("versionHashCode of an earlier version", Expected.Success, s => TwoVersionsAsync(s, (first, _) => [("versionHashCode", first)]));
        list.Add("both of one version", Expected.Success, s => TwoVersionsAsync(s, (_, second) => [("versionNumber", "2"), ("versionHashCode", second)]));
        list.Add("both, but of different versions", Expected.Refused(10001), s => TwoVersionsAsync(s, (first, _) => [("versionNumber", 2), ("versionHashCode", first)]));
        list.Add("an unknown versionNumber", Expected.Refused(VersionNotFound), s => TwoVersionsAsync(s, (_, _) => [("versionNumber", 3)]));
        list.Add("an unknown versionHashCode", Expected.Refused(VersionNotFound), s => TwoVersionsAsync(s, (_, _) => [("versionHashCode", "0123456789abcdef")]));
        foreach (var value in (string[])["0", "-1", "x", "1.5", "99999999999"])
        {
            list.Add("versionNumber " + value, Expected.Invalid("versionNumber"), s => PublishedAsync(s, null, ("versionNumber", value)));
        }
    }

    private static void AddRefusals(CaseList list)
    {
        list.Add("processDefinitionCode missing", Expected.Missing("processDefinitionCode"), s => s.CallStartAsync([]));
        list.Add("processDefinitionCode empty", Expected.Missing("processDefinitionCode"), s => s.CallStartAsync([("processDefinitionCode", "")]));
        foreach (var value in (string[])["x", "0", "-5", "1.5", "9007199254740992", "99999999999999999999"])
        {
            list.Add("processDefinitionCode " + value, Expected.Invalid("processDefinitionCode"), s => s.CallStartAsync([("processDefinitionCode", value)]));
        }

        list.Add("productNamespace empty", Expected.Missing("productNamespace"), Expected.Success, s => PublishedAsync(s, null, ("productNamespace", "")));
        list.Add("isProd maybe", Expected.Invalid("isProd"), Expected.Invalid("isProd"), s => PublishedAsync(s, null, ("isProd", "maybe")));
        list.Add("failureStrategy SHRUG", Expected.Invalid("failureStrategy"), s => PublishedAsync(s, null, ("failureStrategy", "SHRUG")));
        list.Add("processInstancePriority URGENT", Expected.Invalid("processInstancePriority"), s => PublishedAsync(s, null, ("processInstancePriority", "URGENT")));
        list.Add("startParams with a name of the shell's own", Expected.Invalid("startParams"), s => PublishedAsync(s, null, ("startParams", """{"PATH":"/x","LD_PRELOAD":"y"}""")));
        list.Add("startParams that are no object", Expected.Invalid("startParams"), s => PublishedAsync(s, null, ("startParams", "7")));
        list.Add("unknown workspace", Expected.Refused(WorkspaceNotFound), s => s.CallAsync(HttpMethod.Post, "executors/start-process-instance", null, [("processDefinitionCode", 4711)], workspace: "w-0000000000000000"));
        list.Add("an unknown definition", Expected.Refused(WorkflowNotFound), s => s.CallStartAsync([("processDefinitionCode", 4711)]));
        list.Add("not published, in production", Expected.Refused(NotPublished), async s => await s.CallStartAsync([("processDefinitionCode", await s.CreateAsync()), ("isProd", true)]));
        list.Add("an unknown queue", Expected.Refused(QueueNotFound), s => PublishedAsync(s, null, ("runtimeQueue", "no_such_queue")));
        list.Add("a node of a type that cannot be run", Expected.Refused(TypeNotRunnable), async s =>
            await s.CallStartAsync([("processDefinitionCode", await s.CreateAsync(new Workflow(s.Name).Add("a", "KUBEFLOW", []), publish: true))]));
        list.Add("a node that needs a Spark, without one", Expected.Refused(SparkNotConfigured), async s =>
            await s.CallStartAsync([("processDefinitionCode", await s.CreateAsync(new Workflow(s.Name).Add("a", "EMR_SERVERLESS_SPARK", Samples.Spark()), publish: true))]));
    }

    private static void AddTokens(CaseList list)
    {
        list.Add("a token again gives the same run", Expected.Success, async s =>
        {
            var parameters = new (string, object?)[] { ("processDefinitionCode", await s.CreateAsync(publish: true)), ("clientToken", s.Name) };
            var first = await s.CallStartAsync(parameters);
            var second = await s.CallStartAsync(parameters);
            Assert.Equal(first.Reply.Data().GetRawText(), second.Reply.Data().GetRawText());
            return second;
        });
        list.Add("a token with other parameters", Expected.Refused(TokenReused), async s =>
        {
            var code = await s.CreateAsync(publish: true);
            (await s.CallStartAsync([("processDefinitionCode", code), ("clientToken", s.Name)])).Reply.Data();
            return await s.CallStartAsync([("processDefinitionCode", code), ("clientToken", s.Name), ("failureStrategy", "END")]);
        });
        list.Add("a header token with other parameters", Expected.Refused(TokenReused), async s =>
        {
            var code = await s.CreateAsync(publish: true);
            (await s.CallStartAsync([("processDefinitionCode", code)], null, ("Idempotency-Key", s.Name))).Reply.Data();
            return await s.CallStartAsync([("processDefinitionCode", code), ("failureStrategy", "END")], null, ("Idempotency-Key", s.Name));
        });
        list.Add("a token that is too long", Expected.Invalid("clientToken"), s => PublishedAsync(s, null, ("clientToken", new string('t', 129))));
    }

    private static void AddWhatIsNotBuiltYet(CaseList list)
    {
        foreach (var (name, parameters) in ((string, (string, object?)[])[])
        [
            ("an interval of dates", [("interval", "2026-01-01,2026-01-31")]),
            ("an interval of dates as JSON", [("interval", """{"startDate":"2026-01-01","endDate":"2026-01-31"}""")]),
            ("runMode of a backfill", [("interval", "2026-01-01,2026-01-31"), ("runMode", "RUN_MODE_PARALLEL"), ("expectedParallelismNumber", 2)]),
            ("COMPLEMENT_DATA", [("execType", "COMPLEMENT_DATA"), ("scheduleTime", """{"complementStartDate":"2026-11-01 00:00:00","complementEndDate":"2026-11-23 00:00:00"}""")]),
            ("dryRun", [("dryRun", 1)]),
            ("startNodeList", [("startNodeList", "1")]),
            ("warningType", [("warningType", "ALL")]),
        ])
        {
            list.Add(name, Expected.Refused(NotHonoured), s => PublishedAsync(s, null, parameters));
        }
    }

    private static async Task<Exchange> PublishedAsync(Scene scene, Travel? travel = null, params (string Name, object? Value)[] more) =>
        await scene.CallStartAsync([("processDefinitionCode", await scene.CreateAsync(publish: true)), .. more], travel);

    private static async Task<Exchange> TwoVersionsAsync(Scene scene, Func<string, string, (string Name, object? Value)[]> parametersOf)
    {
        await scene.CreateAsync(publish: true);
        var first = await scene.HashAsync(scene.Definition());
        var second = await scene.HashAsync(scene.Definition().Noop("end", "load"));
        return await scene.CallStartAsync([("processDefinitionCode", scene.Code), .. parametersOf(first, second)]);
    }
}
