using Stateroom.Cli.Commands;

return await CommandLine.RunAsync(args);
