using Porpoise.Commands;

return await CommandLine.RunAsync(args);
