namespace Porpoise.Formats.Workflows;

/// <summary>The JSON schema of a document, for editors. It is the file docs/reference/workflow.schema.json.</summary>
public static class WorkflowSchema
{
    public static byte[] Read()
    {
        using var resource = typeof(WorkflowSchema).Assembly.GetManifestResourceStream("workflow.schema.json")!;
        using var copy = new MemoryStream();
        resource.CopyTo(copy);
        return copy.ToArray();
    }
}
