using System.CommandLine;
using Stateroom.Cli.Load;
using Stateroom.Cli.Protocol;
using Stateroom.Cli.Reports;
using Stateroom.Cli.Verify.Profiles;

namespace Stateroom.Cli.Commands;

/// <summary><c>stateroom load</c>.</summary>
internal static class LoadCommand
{
    public static Command Create()
    {
        var urls = SharedOptions.Urls();
        var against = new Option<Uri?>("--against") { Description = "Another server, loaded in turns with the first; the ratio of both is told", HelpName = "URL", CustomParser = SharedOptions.ParseUrl };
        var tokens = SharedOptions.Tokens();
        var era = new Option<Era>("--era") { Description = "Which client to be", DefaultValueFactory = _ => Era.Handshake };
        var sessions = SharedOptions.Sessions(32);
        var rate = new Option<double?>("--rate") { Description = "Calls a second, of all sessions together; left out, each session calls again as soon as it is answered", HelpName = "NUMBER" };
        rate.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is <= 0)
            {
                result.AddError("--rate is more than 0.");
            }
        });
        var duration = SharedOptions.Time("--duration", "How long each server is measured", TimeSpan.FromSeconds(10));
        var warmUp = SharedOptions.Time("--warm-up", "How long it is loaded before that", TimeSpan.FromSeconds(3));
        var profile = new Option<FileInfo?>("--profile") { Description = "What to call: the increment of this profile's counter", HelpName = "FILE" };
        var json = SharedOptions.Json();
        var command = new Command("load", "Loads a server with sessions and tells how it answers.") { urls, against, tokens, era, sessions, rate, duration, warmUp, profile, json }.WithExamples(
            "stateroom load --url http://localhost:3000/mcp",
            "stateroom load --url http://localhost:3000/mcp --sessions 100 --rate 500 --duration 1m",
            "stateroom load --url http://localhost:3000/mcp --against http://localhost:3001/mcp --era stateless");
        command.Does(async (parsed, cancellationToken) =>
        {
            var chosen = parsed.GetValue(profile) is { } file ? ProfileReader.Read(file) : ProfileReader.Default();
            var options = new LoadOptions
            {
                Urls = parsed.GetRequiredValue(urls),
                Against = parsed.GetValue(against),
                Tokens = parsed.GetValue(tokens) is { Length: > 0 } given ? given : SharedOptions.DevelopmentTokens,
                Era = parsed.GetValue(era),
                Handle = chosen.Handle,
                Call = (chosen.Counter?.Increment ?? chosen.AnyRead).Call(),
                Sessions = parsed.GetValue(sessions),
                Rate = parsed.GetValue(rate),
                Duration = parsed.GetValue(duration),
                WarmUp = parsed.GetValue(warmUp),
            };
            var report = await ProgressDisplay.RunAsync<LoadProgress, LoadReport>(
                LoadText.Describe, progress => new LoadRun(options, TimeProvider.System).RunAsync(progress, cancellationToken));
            LoadText.Write(Screen.Out, report);
            await JsonReport.WriteAsync(parsed.GetValue(json), report);
            return report.ExitCode;
        });
        return command;
    }
}
