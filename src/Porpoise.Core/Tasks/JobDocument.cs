using System.Buffers;
using System.Text;
using System.Text.Json;
using Porpoise.Core.Parameters;
using Porpoise.Core.Workflows;

namespace Porpoise.Core.Tasks;

/// <summary>
/// What our own task runner gets to read: the node's taskParams as they came, and beside them the values of its parameters. The values are put to use
/// by the runner of the kind, each where it can stay data; they are never put into the text here.
/// </summary>
/// <remarks>
/// <code>
/// { "kind": "SQL", "workspace": "w-…", "params": { taskParams }, "values": { "name": { "type": "VARCHAR", "value": "…" } }, "outputs": { "name": "VARCHAR" } }
/// </code>
/// The worker may add to it what the engine must not know: <c>dataSource</c> with a password, and <c>settings</c> of the server.
/// </remarks>
public static class JobDocument
{
    public const string Kind = "kind";
    public const string Workspace = "workspace";
    public const string Params = "params";
    public const string Values = "values";
    public const string Outputs = "outputs";
    public const string Type = "type";
    public const string Value = "value";

    /// <summary>Added by the worker: a data source, with its password.</summary>
    public const string DataSource = "dataSource";

    /// <summary>Added by the worker: what the server allows.</summary>
    public const string Settings = "settings";

    /// <summary>Added by the worker: why the job cannot be run, for people.</summary>
    public const string Fault = "fault";

    /// <summary>What a node of the cloud refers to: a version of a development task. Beside <see cref="Kind"/> it has the members named Task….</summary>
    public const string DevelopmentTask = "developmentTask";

    public const string TaskName = "name";
    public const string TaskCode = "code";
    public const string TaskEntryFile = "entryFile";
    public const string TaskMainClass = "mainClass";
    public const string TaskArguments = "arguments";

    /// <summary>Pairs of name and value.</summary>
    public const string TaskSettings = "settings";

    public const string TaskCatalog = "catalog";
    public const string TaskDatabase = "database";

    private const string Text = "VARCHAR";

    /// <param name="workspace">Where the run belongs.</param>
    /// <param name="task">The node; its type is the job's kind.</param>
    /// <param name="values">Of its parameters, resolved.</param>
    /// <param name="global">The workflow's parameters: they say the types of values for which the node itself says none.</param>
    /// <param name="library">The development task that the node refers to; null: none.</param>
    public static string Write(
        WorkspaceId workspace, TaskDefinition task, IReadOnlyDictionary<string, string> values, IReadOnlyList<Parameter> global, Library.DevelopmentTask? library = null)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString(Kind, task.Type);
            json.WriteString(Workspace, workspace.Value);
            json.WritePropertyName(Params);
            json.WriteRawValue(task.Params.Length == 0 ? "{}" : task.Params);
            WriteValues(json, TypesOf(task, global), values);
            WriteOutputs(json, task);
            if (library is not null)
            {
                WriteDevelopmentTask(json, library);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WriteValues(Utf8JsonWriter json, Dictionary<string, string> types, IReadOnlyDictionary<string, string> values)
    {
        json.WriteStartObject(Values);
        foreach (var (name, value) in values)
        {
            json.WriteStartObject(name);
            json.WriteString(Type, types.GetValueOrDefault(name, Text));
            json.WriteString(Value, value);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void WriteOutputs(Utf8JsonWriter json, TaskDefinition task)
    {
        json.WriteStartObject(Outputs);
        foreach (var output in task.LocalParams.Where(p => p.Direction == ParameterDirection.Out).DistinctBy(p => p.Name))
        {
            json.WriteString(output.Name, output.Type.Length == 0 ? Text : output.Type);
        }

        json.WriteEndObject();
    }

    private static void WriteDevelopmentTask(Utf8JsonWriter json, Library.DevelopmentTask task)
    {
        json.WriteStartObject(DevelopmentTask);
        json.WriteString(Kind, task.Kind.ToString());
        json.WriteString(TaskName, task.Name);
        json.WriteString(TaskCode, task.Code);
        json.WriteString(TaskEntryFile, task.EntryFile);
        json.WriteString(TaskMainClass, task.MainClass);
        json.WriteStartArray(TaskArguments);
        foreach (var argument in task.Arguments)
        {
            json.WriteStringValue(argument);
        }

        json.WriteEndArray();
        json.WriteStartArray(TaskSettings);
        foreach (var (name, value) in task.Settings)
        {
            json.WriteStartArray();
            json.WriteStringValue(name);
            json.WriteStringValue(value);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteString(TaskCatalog, task.Catalog);
        json.WriteString(TaskDatabase, task.Database);
        json.WriteEndObject();
    }

    /// <summary>What the node says of a name counts more than what the workflow says.</summary>
    private static Dictionary<string, string> TypesOf(TaskDefinition task, IReadOnlyList<Parameter> global)
    {
        var types = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var parameter in global.Concat(task.LocalParams.Where(p => p.Direction == ParameterDirection.In)).Where(p => p.Type.Length > 0))
        {
            types[parameter.Name] = parameter.Type;
        }

        return types;
    }
}
