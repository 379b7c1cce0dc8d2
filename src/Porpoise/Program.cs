using System.CommandLine;
using Porpoise.Commands;

return await new RootCommand("Porpoise: a self-hosted workflow service for Spark and data work.")
{
    ServeCommand.Create(),
    ReferenceCommand.Create(),
}.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null }); // the server takes its time to stop, and bounds it itself
