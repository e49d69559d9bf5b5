using System.IO.Compression;
using System.Xml.Linq;
using Stateroom.Shipping.Tests.Support;

namespace Stateroom.Shipping.Tests.Packages;

/// <summary>The packages, made from what was built with these tests, in a folder that serves as a source; and a folder for packages that holds none of them yet.</summary>
public sealed class PackagesFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _root = new();

    /// <summary>The configuration that these tests were built in.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar)).Parent!.Name;

    internal static string[] Names { get; } = ["Stateroom", "Stateroom.AspNetCore", "Stateroom.Cli", "Stateroom.Redis"];

    internal string Feed => _root.At("feed");

    internal IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["NUGET_PACKAGES"] = _root.At("packages"),
        ["DOTNET_CLI_HOME"] = _root.At("home"),
        ["DOTNET_NOLOGO"] = "1",
        ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
    };

    public async ValueTask InitializeAsync()
    {
        foreach (var name in Names)
        {
            await Command.RunAsync(
                Repository.Root, "dotnet", ["pack", $"src/{name}", "--no-build", "--configuration", Configuration, "--output", Feed, "--nologo", "-nodeReuse:false"]);
        }

        await ShareOtherPackagesAsync();
    }

    public ValueTask DisposeAsync()
    {
        _root.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>A file of a package.</summary>
    internal byte[] Read(string package, string extension, Func<string, bool> name)
    {
        using var archive = Open(package, extension);
        var entry = Assert.Single(archive.Entries, e => name(e.FullName));
        using var content = new MemoryStream();
        using var stream = entry.Open();
        stream.CopyTo(content);
        return content.ToArray();
    }

    internal IReadOnlyList<string> Files(string package, string extension)
    {
        using var archive = Open(package, extension);
        return [.. archive.Entries.Select(e => e.FullName)];
    }

    /// <summary>A folder in which a project gets these packages from the feed alone, and all others from where this machine gets them.</summary>
    internal async Task<string> MakeFolderAsync(string name)
    {
        var folder = Directory.CreateDirectory(_root.At(name)).FullName;
        var sources = (await Command.RunAsync(Repository.Root, "dotnet", ["nuget", "list", "source", "--format", "Detailed"])).Split('\n')
            .Select(line => line.Trim()).Where(line => line.EndsWith("[Enabled]", StringComparison.Ordinal)).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]);
        new XElement(
            "configuration",
            new XElement("packageSources", new XElement("add", new XAttribute("key", "feed"), new XAttribute("value", Feed))),
            new XElement(
                "packageSourceMapping",
                Mapping("feed", "Stateroom", "Stateroom.*"),
                sources.Select(source => Mapping(source, "*")))).Save(Path.Combine(folder, "nuget.config"));
        return folder;

        static XElement Mapping(string source, params string[] patterns) =>
            new("packageSource", new XAttribute("key", source), patterns.Select(p => new XElement("package", new XAttribute("pattern", p))));
    }

    private ZipArchive Open(string package, string extension) => ZipFile.OpenRead(Assert.Single(
        Directory.EnumerateFiles(Feed, $"{package}.*.{extension}"), file => char.IsAsciiDigit(Path.GetFileName(file)[package.Length + 1])));

    /// <summary>What was fetched for the build is not fetched again; none of the packages under test is among it.</summary>
    private async Task ShareOtherPackagesAsync()
    {
        var global = (await Command.RunAsync(Repository.Root, "dotnet", ["nuget", "locals", "global-packages", "--list"])).Split(": ", 2)[1].Trim();
        Directory.CreateDirectory(_root.At("packages"));
        foreach (var folder in Directory.EnumerateDirectories(global).Where(f => !Path.GetFileName(f).StartsWith("stateroom", StringComparison.OrdinalIgnoreCase)))
        {
            Directory.CreateSymbolicLink(_root.At("packages", Path.GetFileName(folder)), folder);
        }
    }
}
