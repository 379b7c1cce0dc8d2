using Porpoise.Commands;
using Porpoise.Packaging;

EmbeddedLibraries.Register();
return await CommandLine.RunAsync(args);
