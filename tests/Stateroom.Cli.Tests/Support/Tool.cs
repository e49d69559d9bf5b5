using System.Text.Json.Nodes;

namespace Stateroom.Cli.Tests.Support;

/// <summary>Runs the program as a person does.</summary>
internal static class Tool
{
    private static string Program => Repository.Program("src", "Stateroom.Cli");

    /// <summary>Starts it, to be interrupted even where the tests run in the background of a shell, which has them and all that they start ignore the interrupt.</summary>
    public static ChildProcess Start(params string[] arguments) =>
        ChildProcess.Start("env", ["--default-signal=INT", "dotnet", Program, .. arguments], Path.GetTempPath());

    /// <summary>Runs it to its end.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(params string[] arguments)
    {
        await using var process = Start(arguments);
        await process.WaitAsync(TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(process.Output);
        return (process.ExitCode, process.Output);
    }

    /// <summary>Runs it to its end and reads the report that it wrote.</summary>
    public static async Task<(int ExitCode, JsonObject Report)> ReportAsync(params string[] arguments)
    {
        using var file = new ReportFile();
        var (code, output) = await RunAsync([.. arguments, "--json", file.Path]);
        return (code, file.Read() ?? throw new InvalidOperationException($"No report:\n{output}"));
    }
}

/// <summary>Where a report goes to.</summary>
internal sealed class ReportFile : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("stateroom-report-");

    public string Path => System.IO.Path.Combine(_folder.FullName, "report.json");

    public JsonObject? Read() => File.Exists(Path) ? JsonNode.Parse(File.ReadAllText(Path))!.AsObject() : null;

    public void Dispose() => _folder.Delete(recursive: true);
}
