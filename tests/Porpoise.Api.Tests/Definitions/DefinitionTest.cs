using System.Globalization;
using System.Text.Json;
using Porpoise.Api.Tests.Serving;

namespace Porpoise.Api.Tests.Definitions;

/// <summary>A test of the operations on definitions, over HTTP.</summary>
public abstract class DefinitionTest(ApiServer server) : ApiTest(server)
{
    protected const int BadParameter = 10001;
    protected const int BadSchedule = 10024;
    protected const int QueueNotFound = 10128;
    protected const int VersionNotFound = 10153;
    protected const int NameTaken = 10168;
    protected const int DataSourceNotFound = 20004;
    protected const int WorkflowNotFound = 50003;
    protected const int EditWhileOnline = 50008;
    protected const int Cycle = 50019;
    protected const int BadDefinition = 50020;
    protected const int DefinitionOnline = 50021;
    protected const int BadImport = 50029;
    protected const int EmptyDefinition = 50035;
    protected const int VersionIsCurrent = 50053;
    protected const int NotHonoured = 1500001;

    protected string All => Project + "/process-definition";

    private protected ApiCaller CallerOf(bool isCloud) => isCloud ? Cloud : Dolphin;

    private protected Task<Reply> TryCreateAsync(DefinitionForm form, bool isCloud = false) => CallerOf(isCloud).PostAsync(All, form.Parameters);

    private protected async Task<long> CreateAsync(DefinitionForm form, bool isCloud = false) => (await TryCreateAsync(form, isCloud)).Data().GetProperty("code").GetInt64();

    private protected Task<Reply> TryUpdateAsync(long code, DefinitionForm form, bool isCloud = false) => CallerOf(isCloud).PutAsync(PathOf(code), form.Parameters);

    private protected async Task<JsonElement> UpdateAsync(long code, DefinitionForm form, bool isCloud = false) => (await TryUpdateAsync(code, form, isCloud)).Data();

    protected string PathOf(long code) => string.Create(CultureInfo.InvariantCulture, $"{All}/{code}");

    /// <summary>The definition with its nodes and edges.</summary>
    protected async Task<JsonElement> GetAsync(long code) => (await Dolphin.GetAsync(PathOf(code))).Data();

    protected async Task<JsonElement> GetHeadAsync(long code) => (await GetAsync(code)).GetProperty("processDefinition");

    protected async Task<JsonElement> GetNodeAsync(long code, int index = 0) => (await GetAsync(code)).GetProperty("taskDefinitionList")[index];

    protected async Task<long> CountAsync() => (await Dolphin.GetAsync(All, ("pageNo", 1), ("pageSize", 1))).Data().GetProperty("total").GetInt64();

    protected static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    protected static int Int(JsonElement json, string name) => json.GetProperty(name).GetInt32();
}
