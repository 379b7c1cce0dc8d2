using System.Text.RegularExpressions;
using Microsoft.OpenApi;
using Porpoise.Api.OpenApi;
using Porpoise.Api.Operations;
using Porpoise.Api.Tests.Serving;

namespace Porpoise.Api.Tests.OpenApi;

/// <summary>The OpenAPI document against the operations, the code and the reference: what is documented is what is there.</summary>
public sealed partial class OpenApiTests(ApiServer server) : ApiTest(server)
{
    /// <summary>Read by code, and no parameter that a caller sends by this name: places, parts of resources, and what comes inside other parameters.</summary>
    private static readonly string[] NoParameters = ["projectCode"];

    [Fact]
    public async Task The_document_is_OpenAPI_and_has_every_operation()
    {
        var document = await ReadAsync();
        foreach (var operation in Server.Table.All)
        {
            var described = Described(document, operation);
            Assert.False(string.IsNullOrEmpty(described.Summary), OperationParameters.NameOf(operation));
            Assert.Equal(operation.IsOpen, described.Security is { Count: 0 });
            var names = NamesOf(described);
            Assert.All(OperationParameters.InPath(operation).Concat(OperationParameters.Of(operation)), p => Assert.Contains(p.Name, names));
        }

        var operations = document.Paths.SelectMany(p => p.Value.Operations!.Values).ToList();
        Assert.Equal(Server.Table.All.Select(o => (o.Method, o.Path)).Distinct().Count(), operations.Count);
        Assert.Equal(operations.Count, operations.Select(o => o.OperationId).Distinct().Count());
    }

    [Fact]
    public void The_lists_of_parameters_belong_to_operations_and_say_each_parameter_once()
    {
        var known = Server.Table.All.Select(OperationParameters.NameOf).ToHashSet();
        Assert.Empty(OperationParameters.Lists.Keys.Except(known));
        Assert.All(OperationParameters.Lists, l => Assert.Equal(l.Value.Length, l.Value.Select(p => p.Name).Distinct().Count()));
        Assert.All(OperationParameters.Lists.SelectMany(l => l.Value), p => Assert.NotEmpty(p.Description));
        Assert.All(Server.Table.All.SelectMany(OperationParameters.InPath), p => Assert.True(p.Description.Length > 0, $"Say in {nameof(OperationParameters)} what the place {{{p.Name}}} is."));
    }

    /// <summary>Looks into the sources, because no call reaches every reader of a parameter.</summary>
    [Fact]
    public void Every_parameter_that_the_code_reads_is_documented()
    {
        var documented = OperationParameters.Lists.SelectMany(l => l.Value).Select(p => p.Name).Concat(Server.Table.All.SelectMany(OperationParameters.InPath).Select(p => p.Name)).Concat(NoParameters).ToHashSet();
        var read = Directory.GetFiles(Path.Combine(RepositoryRoot(), "src", "Porpoise.Api"), "*.cs", SearchOption.AllDirectories)
            .SelectMany(file => Reads().Matches(File.ReadAllText(file)).Select(m => (Name: m.Groups[1].Value, File: Path.GetFileName(file)))).ToList();
        Assert.True(read.Count > 100);
        Assert.Empty(read.Where(r => !documented.Contains(r.Name)).Select(r => $"{r.Name} of {r.File}: say in the list of parameters beside the operation what it is"));
    }

    /// <summary>The tables of the cloud's four operations name their fields in their first column.</summary>
    [Fact]
    public async Task Every_field_of_the_reference_of_the_cloud_operations_is_documented()
    {
        var document = await ReadAsync();
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "cloud-api.md"));
        foreach (var (section, method, path) in ((string, string, string)[])
        [
            ("CreateProcessDefinitionWithSchedule", "POST", "process-definition"), ("UpdateProcessDefinitionWithSchedule", "PUT", "process-definition/{code}"),
            ("StartProcessInstance", "POST", "executors/start-process-instance"), ("GenerateTaskCodes", "GET", "task-definition/gen-task-codes"),
        ])
        {
            var begin = page.IndexOf($"## {section} request", StringComparison.Ordinal);
            var table = page[begin..page.IndexOf("\n## ", begin + 5, StringComparison.Ordinal)];
            var fields = Rows().Matches(table).SelectMany(row => Words().Matches(row.Groups[1].Value)).Select(m => m.Groups[1].Value).Except(["bizId"]).ToList();
            Assert.True(fields.Count > 2, section);
            var names = NamesOf(Described(document, Server.Table.All.Single(o => o.Method == method && o.Path == $"/dolphinscheduler/projects/{{projectCode}}/{path}")));
            Assert.Empty(fields.Where(f => !names.Contains(f)).Select(f => $"{section}: {f}"));
        }
    }

    [Fact]
    public void Every_parameter_in_the_reference_of_addresses_is_documented()
    {
        var documented = OperationParameters.Lists.SelectMany(l => l.Value).Select(p => p.Name).ToHashSet();
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "api.md"));
        var start = page.IndexOf("## Start a run", StringComparison.Ordinal);
        var fields = Rows().Matches(page[start..page.IndexOf("**POST …/executors/start-check**", StringComparison.Ordinal)]).SelectMany(row => FirstWords().Matches(row.Groups[1].Value)).Select(m => m.Groups[1].Value).ToList();
        Assert.True(fields.Count > 20);
        Assert.Empty(fields.Except(["field", "or", "the", "header", "Idempotency"]).Except(documented));
    }

    private async Task<OpenApiDocument> ReadAsync()
    {
        using var http = new HttpClient();
        await using var stream = new MemoryStream(await OpenApiWriter.WriteAsync(Server.Table, "0.0.0"));
        var read = await OpenApiDocument.LoadAsync(stream, "json", cancellationToken: TestContext.Current.CancellationToken);
        Assert.Empty(read.Diagnostic!.Errors);
        Assert.Empty(read.Diagnostic.Warnings);
        Assert.Equal(OpenApiSpecVersion.OpenApi3_1, read.Diagnostic.SpecificationVersion);
        return read.Document!;
    }

    private static OpenApiOperation Described(OpenApiDocument document, Operation operation) => document.Paths[operation.Path].Operations![new HttpMethod(operation.Method)];

    private static HashSet<string> NamesOf(OpenApiOperation operation) =>
        [.. (operation.Parameters ?? []).Select(p => p.Name!), .. operation.RequestBody?.Content?.Values.SelectMany(c => c.Schema!.Properties!.Keys) ?? []];

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "Porpoise.slnx")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    [GeneratedRegex("arameters\\.(?:Text|Int|Long|Bool|Word|RequiredText|RequiredInt|RequiredLong|RequiredIds|RefuseUnless|Search)\\(\"(\\w+)\"")]
    private static partial Regex Reads();

    [GeneratedRegex(@"^\| ([^|]+) \|", RegexOptions.Multiline)]
    private static partial Regex Rows();

    [GeneratedRegex("`([A-Za-z]+)`")]
    private static partial Regex Words();

    [GeneratedRegex("`?([a-z][A-Za-z]+)[^,(]*")]
    private static partial Regex FirstWords();
}
