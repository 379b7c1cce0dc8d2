using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Porpoise.Core.Tasks;
using Porpoise.Core.Workflows;

namespace Porpoise.Worker.Runners;

/// <summary>Adds to a job's document, at the moment of its start, what the engine must not know: the data source with its password, and the server's settings.</summary>
public sealed class JobInput(JobSettings settings, IDataSources? sources)
{
    /// <summary>That a data source is not there, or cannot be used, is written into the document too, so that the task's own log says it.</summary>
    /// <remarks>Throws whatever keeps the data source from being looked up at this moment.</remarks>
    public async Task<string> CompleteAsync(string document)
    {
        var root = JsonElement.Parse(document);
        var job = Job.Read(root);
        if (job.Kind != TaskTypes.Sql)
        {
            return Write(root, null, "");
        }

        var id = job.Fill(job.Text("datasource"));
        var workspace = new WorkspaceId(Job.Text(root, JobDocument.Workspace));
        DataSourceAccess? source;
        try
        {
            source = sources is not null && int.TryParse(id, CultureInfo.InvariantCulture, out var number) ? await sources.FindAsync(workspace, number) : null;
        }
        catch (JobException e)
        {
            return Write(root, null, e.Message);
        }

        return Write(root, source, source is null
            ? $"There is no data source {id} in the workspace {workspace.Value}: it was deleted, or belongs to another one. Choose another data source in the task's definition."
            : "");
    }

    /// <summary>The document of a job that only connects.</summary>
    public string WriteConnect(DataSourceAccess source)
    {
        return Write(JsonElement.Parse($$"""{ "kind": "{{Sql.ConnectJob.Kind}}", "params": {}, "values": {}, "outputs": {} }"""), source, "");
    }

    private string Write(JsonElement root, DataSourceAccess? source, string fault)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var member in root.EnumerateObject())
            {
                member.WriteTo(json);
            }

            json.WritePropertyName(JobDocument.Settings);
            JsonSerializer.Serialize(json, settings, JobJson.Default.JobSettings);
            if (source is not null)
            {
                json.WritePropertyName(JobDocument.DataSource);
                JsonSerializer.Serialize(json, source, JobJson.Default.DataSourceAccess);
            }

            json.WriteString(JobDocument.Fault, fault);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
