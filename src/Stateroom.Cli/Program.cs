using Stateroom.Cli.Commands;
using Stateroom.Cli.Demo;

return args is [WeatherServer.Command, .. var settings] ? WeatherServer.Run(settings) : await CommandLine.RunAsync(args);
