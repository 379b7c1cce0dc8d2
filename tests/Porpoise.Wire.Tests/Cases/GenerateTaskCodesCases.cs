namespace Porpoise.Wire.Tests.Cases;

/// <summary>GenerateTaskCodes.</summary>
internal static class GenerateTaskCodesCases
{
    private const int WorkspaceNotFound = 10018;

    public static CaseList List { get; } = Make();

    private static CaseList Make()
    {
        var list = new CaseList("generate-task-codes");
        list.Add("three codes", Expected.Success, s => s.GenerateTaskCodesAsync(("genNum", 3)));
        list.Add("region and unknown parameters do not matter", Expected.Success, s => s.GenerateTaskCodesAsync(("genNum", 1), ("regionId", "cn-hangzhou"), ("noSuchParameter", "x")));
        list.Add("the other name of the workspace", Expected.Success, s => s.CallAsync(HttpMethod.Get, "task-definition/gen-task-codes", null, [("genNum", 1)], workspace: s.OtherWorkspaceName));
        list.Add("genNum missing", Expected.Missing("genNum"), s => s.GenerateTaskCodesAsync());
        list.Add("genNum empty", Expected.Missing("genNum"), s => s.GenerateTaskCodesAsync(("genNum", "")));
        foreach (var value in (string[])["0", "-1", "1.5", "ten", "10001", "99999999999999999999"])
        {
            list.Add("genNum " + value, Expected.Invalid("genNum"), s => s.GenerateTaskCodesAsync(("genNum", value)));
        }

        list.Add("product namespace empty", Expected.Missing("productNamespace"), Expected.Success, s => s.GenerateTaskCodesAsync(("genNum", 1), ("productNamespace", "")));
        list.Add("product namespace of another product", Expected.Invalid("productNamespace"), Expected.Success, s => s.GenerateTaskCodesAsync(("genNum", 1), ("productNamespace", "EMR")));
        list.Add("unknown workspace id", Expected.Refused(WorkspaceNotFound), s => InWorkspaceAsync(s, "w-0000000000000000"));
        list.Add("unknown project code", Expected.Refused(WorkspaceNotFound), s => InWorkspaceAsync(s, "4711"));
        return list;
    }

    private static Task<Exchange> InWorkspaceAsync(Scene scene, string workspace) =>
        scene.CallAsync(HttpMethod.Get, "task-definition/gen-task-codes", null, [("genNum", 1)], workspace: workspace);
}
