using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Porpoise.Client;
using Porpoise.LiveServer.Callers;
using Porpoise.LiveServer.Servers;

namespace Porpoise.Wire.Tests;

/// <summary>What one case works with: a caller of its dialect on the live server, a name that no other case has, and the placeholders for what it made.</summary>
public sealed class Scene
{
    private readonly Installation _installation;

    public Scene(Installation installation, WireCase wireCase)
    {
        _installation = installation;
        Dialect = wireCase.Dialect;
        var slug = string.Concat(wireCase.Name.Select(c => char.IsAsciiLetterOrDigit(c) || c == '-' ? c : '_'));
        Name = $"{wireCase.Operation}_{slug}_{(Dialect == Dialect.Cloud ? "c" : "d")}";
        Placeholders.Know(installation.Key.WorkspaceId, "workspace");
        Placeholders.Know(installation.Key.ProjectCode.ToString(CultureInfo.InvariantCulture), "project code");
        Placeholders.Know(installation.Key.AccountId, "account");
        Placeholders.Know(installation.Url.Authority, "host");
        foreach (var (name, value) in Definition().Parameters.Where(p => p.Name.EndsWith("Json", StringComparison.Ordinal)))
        {
            Placeholders.Know((string)value!, name == "taskDefinitionJson" ? "two nodes" : "one after the other"); // or each golden file would be a hundred times the same
        }
    }

    public Dialect Dialect { get; }

    public bool IsCloud => Dialect == Dialect.Cloud;

    /// <summary>A workflow's name that is this case's own, and the same on every server.</summary>
    public string Name { get; }

    public Placeholders Placeholders { get; } = new();

    /// <summary>How the dialect names the workspace in paths.</summary>
    public string Workspace => Client.Workspace;

    /// <summary>The other name of the workspace.</summary>
    public string OtherWorkspaceName => IsCloud ? _installation.Dolphin.Workspace : _installation.Cloud.Workspace;

    /// <summary>What the last <see cref="CreateAsync"/> made.</summary>
    public long Code { get; private set; }

    public Uri Url => _installation.Url;

    public RootKey Key => _installation.Key;

    /// <summary>Where runs are started.</summary>
    public string StartPath => $"/dolphinscheduler/projects/{Workspace}/executors/start-process-instance";

    private ApiClient Client => IsCloud ? _installation.Cloud : _installation.Dolphin;

    /// <summary>Two nodes, one after the other, under this case's name.</summary>
    public Workflow Definition(string? name = null) => new Workflow(name ?? Name).With("description", "two nodes").Shell("extract", "echo extract").Shell("load", "echo load", "extract");

    /// <summary>Makes a definition as a step before the case, and publishes it when asked.</summary>
    public async Task<long> CreateAsync(Workflow? workflow = null, bool publish = false, string codeName = "workflow code", string idName = "workflow id")
    {
        var data = (await Client.TryCreateAsync(workflow ?? Definition(), ("publish", publish ? "true" : null))).Data();
        Code = data.GetProperty("code").GetInt64();
        Placeholders.Know(Code.ToString(CultureInfo.InvariantCulture), codeName);
        Placeholders.KnowId(data.GetProperty("id").GetInt32(), idName);
        return Code;
    }

    /// <summary>Saves a change as a step before the case.</summary>
    public async Task UpdateAsync(Workflow workflow, params (string Name, object? Value)[] more) => (await _installation.Cloud.TryUpdateAsync(Code, workflow, more)).Data();

    /// <summary>The content hash of a saved version, as the service tells it.</summary>
    public async Task<string> HashAsync(Workflow workflow) =>
        (await _installation.Cloud.TryUpdateAsync(Code, workflow)).Data().GetProperty("versionHashCode").GetString()!;

    public Task<Exchange> GenerateTaskCodesAsync(params (string Name, object? Value)[] parameters) =>
        CallAsync(HttpMethod.Get, "task-definition/gen-task-codes", Travel.Query, parameters);

    public async Task<Exchange> CallCreateAsync(IEnumerable<(string Name, object? Value)> parameters, Travel? travel = null)
    {
        var exchange = await CallAsync(HttpMethod.Post, "process-definition", travel, parameters);
        if (exchange.Reply.Json.TryGetProperty("data"u8, out var data) && data.ValueKind == JsonValueKind.Object)
        {
            Placeholders.Know(data.GetProperty("code").GetRawText(), "workflow code");
            Placeholders.KnowId(data.GetProperty("id").GetInt32(), "workflow id");
        }

        return exchange;
    }

    public Task<Exchange> CallUpdateAsync(IEnumerable<(string Name, object? Value)> parameters, Travel? travel = null, string? code = null) =>
        CallAsync(HttpMethod.Put, "process-definition/" + (code ?? Code.ToString(CultureInfo.InvariantCulture)), travel, parameters);

    public async Task<Exchange> CallStartAsync(IEnumerable<(string Name, object? Value)> parameters, Travel? travel = null, params (string Name, string Value)[] headers)
    {
        var exchange = await CallAsync(HttpMethod.Post, "executors/start-process-instance", travel, parameters, headers);
        if (exchange.Reply.Json.TryGetProperty("data"u8, out var data) && data.ValueKind == JsonValueKind.Array)
        {
            Placeholders.KnowId(Assert.Single(data.EnumerateArray()).GetInt32(), "run id");
        }

        return exchange;
    }

    /// <summary>Any call below the workspace; a signed one names the product unless the case does. A null value is not sent.</summary>
    public async Task<Exchange> CallAsync(
        HttpMethod method, string pathInWorkspace, Travel? travel, IEnumerable<(string Name, object? Value)> parameters, (string Name, string Value)[]? headers = null, string? workspace = null)
    {
        (string Name, object? Value)[] all = [.. parameters];
        if (IsCloud && !all.Any(p => p.Name == "productNamespace"))
        {
            all = [("productNamespace", "SS"), .. all];
        }

        all = [.. all.Where(p => p.Value is not null)];
        var how = travel ?? (IsCloud || method == HttpMethod.Get ? Travel.Query : Travel.Form);
        var path = $"/dolphinscheduler/projects/{workspace ?? Workspace}/{pathInWorkspace}";
        var reply = await Client.SendAsync(method, how == Travel.Query && all.Length > 0 ? path + "?" + ApiClient.Query(all) : path, Body(how, all), headers ?? []);
        return new Exchange(method, path, how, [.. all.Select(p => (p.Name, Text(p.Value!)))], reply);
    }

    /// <summary>A call as bytes; a token goes with it unless the headers of the case say who calls.</summary>
    public async Task<Exchange> SendAsync(string method, string target, (string Name, string Value)[] headers, string body = "", bool withToken = true)
    {
        (string, string)[] all = [("Host", Url.Authority), .. IsCloud || !withToken ? [] : new[] { ("token", Key.Token) }, .. headers];
        var reply = await RawCall.SendAsync(Url, RawCall.Write(method, target, all, body));
        var shown = headers.Where(h => h.Name is "Content-Type" or "token").Select(h => (h.Name, h.Value)).Concat(body.Length > 0 ? [("body", body)] : []);
        return new Exchange(new HttpMethod(method), target, Travel.Raw, [.. shown], reply);
    }

    /// <summary>A start by a caller who is who they say, with a body that says it is JSON.</summary>
    public async Task<Exchange> SendJsonAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return new Exchange(HttpMethod.Post, StartPath, Travel.Raw, [("Content-Type", "application/json"), ("body", body)], await Client.SendAsync(HttpMethod.Post, StartPath, content));
    }

    /// <summary>A signed call that has something wrong with it.</summary>
    public async Task<Exchange> SendSignedAsync(Func<AcsRequest, AcsSignature> sign, string body = "")
    {
        var signature = sign(new AcsRequest { Method = "POST", Host = Url.Authority, Path = StartPath, Query = [KeyValuePair.Create("productNamespace", "SS")] });
        var reply = await RawCall.SendAsync(Url, RawCall.Write("POST", $"{StartPath}?{signature.EncodedQuery}", signature.Headers.Select(h => (h.Key, h.Value)), body));
        return new Exchange(HttpMethod.Post, StartPath, Travel.Query, [("productNamespace", "SS")], reply);
    }

    private static StringContent? Body(Travel travel, IEnumerable<(string Name, object? Value)> parameters) => travel switch
    {
        Travel.Form => new StringContent(ApiClient.Query(parameters), Encoding.UTF8, "application/x-www-form-urlencoded"),
        Travel.Json => new StringContent(new JsonObject(parameters.Select(p => KeyValuePair.Create(p.Name, Json(p.Value!)))).ToJsonString(), Encoding.UTF8, "application/json"),
        Travel.Raw => new StringContent(string.Join('\n', parameters.Select(p => $"{p.Name} {p.Value}")), Encoding.UTF8, "text/plain"),
        _ => null,
    };

    /// <summary>Numbers, booleans and JSON as themselves; everything else as text.</summary>
    private static JsonNode? Json(object value) => value switch
    {
        JsonNode node => node.DeepClone(),
        bool flag => flag,
        int number => number,
        long number => number,
        _ => Text(value),
    };

    private static string Text(object value) => value is JsonNode node ? node.ToJsonString() : Convert.ToString(value, CultureInfo.InvariantCulture)!;
}
