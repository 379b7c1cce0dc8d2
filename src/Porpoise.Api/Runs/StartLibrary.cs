using Porpoise.Api.Errors;
using Porpoise.Core.Environments;
using Porpoise.Core.Workflows;
using Porpoise.Engine.Environments;
using Porpoise.Engine.Library;
using Porpoise.Engine.Workflows;

namespace Porpoise.Api.Runs;

/// <summary>Chooses what a run takes from the task library, and refuses a run whose Spark nodes could not run.</summary>
internal sealed class StartLibrary(TaskLibrary library, EnvironmentCatalog environments, bool hasSpark)
{
    /// <summary>Without a Spark of the server's own, an environment may still name one.</summary>
    private const string HomeVariable = "SPARK_HOME";

    /// <param name="environment">Of nodes that name none.</param>
    public async Task<PinnedLibrary> ChooseAsync(WorkspaceId workspace, CompiledVersion version, bool isProduction, EnvironmentCode environment)
    {
        if (version.OnSpark.Count == 0)
        {
            return PinnedLibrary.None;
        }

        if (!hasSpark && version.OnSpark.FirstOrDefault(node => !NamesSpark(node.Environment.IsNone ? environment : node.Environment)) is { } first)
        {
            throw new RefusalException(
                ErrorCodes.SparkNotConfigured,
                $"Nothing was started: node '{first.Name}' ({first.Type}) needs a Spark, and this server has none. Start the server with SPARK_HOME or --spark-home set to the folder of a Spark distribution, or give the node an environment that sets SPARK_HOME (docs/reference/spark.md).");
        }

        return await library.ChooseAsync(workspace, version, isProduction) switch
        {
            LibraryChoice.Chosen chosen => chosen.Library,
            LibraryChoice.NotPublished refused => throw new RefusalException(
                ErrorCodes.DevelopmentTaskNotPublished, $"Nothing was started: node '{refused.Node}' takes the published version of the development task '{refused.Task.Name}' ({refused.Task.Id}) in production, and none is published. Publish it, or start the workflow with isProd=false."),
            LibraryChoice.NotFound refused => throw new RefusalException(
                ErrorCodes.DevelopmentTaskNotFound, $"Nothing was started: node '{refused.Node}' refers to the development task '{refused.Task}', which is not in this workspace. Correct its taskBizId, or create the task."),
            var other => throw new System.Diagnostics.UnreachableException($"No rule for {other.GetType().Name}."),
        };
    }

    private bool NamesSpark(EnvironmentCode code) => environments.VariablesOf(code)?.Names.Contains(HomeVariable) == true;
}
