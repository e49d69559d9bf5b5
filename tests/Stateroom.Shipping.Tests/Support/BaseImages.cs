using System.Formats.Tar;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Stateroom.Shipping.Tests.Support;

/// <summary>
/// What stands for .NET's images, under the names that the Dockerfile gives, made of this machine's files: nothing is fetched. The one that builds is empty but for
/// mount points, as it shows the programs of this machine; the one that runs holds .NET's runtime and the libraries that it needs, and like the chiseled one no shell,
/// nothing of ICU and no time zones.
/// </summary>
internal static partial class BaseImages
{
    private const UnixFileMode Shared = (UnixFileMode)0b1_111_111_111;
    private const UnixFileMode Usual = (UnixFileMode)0b111_101_101;
    private const int User = 1654;
    private const string Path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    private static readonly string _dotnet = System.IO.Path.GetFullPath(System.IO.Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    /// <summary>What a container of the image that builds needs of this machine.</summary>
    public static async Task<string[]> MountsAsync()
    {
        var packages = await Command.RunAsync(Repository.Root, "dotnet", ["nuget", "locals", "global-packages", "--list"]);
        return
        [
            "--volume", "/usr:/usr:ro", "--volume", "/etc/ssl:/etc/ssl:ro", "--volume", $"{_dotnet}:/dotnet:ro",
            "--volume", $"{packages.Split(": ", 2)[1].Trim()}:/packages",
        ];
    }

    public static async Task MakeAsync(ContainerEngine engine)
    {
        using var folder = new TemporaryFolder();
        await ImportAsync(
            engine, folder, Dockerfile.Stages[0].Image, AddBuilder, $"ENV PATH=/dotnet:{Path}", "ENV HOME=/home/build", "ENV NUGET_PACKAGES=/packages",
            "ENV DOTNET_CLI_TELEMETRY_OPTOUT=1", "ENV DOTNET_NOLOGO=1", "ENV DOTNET_GENERATE_ASPNET_CERTIFICATE=false");
        var libraries = await LibrariesAsync();
        await ImportAsync(
            engine, folder, Dockerfile.Final.Image, tar => AddRuntime(tar, libraries), $"ENV PATH={Path}", $"ENV APP_UID={User}", "ENV ASPNETCORE_HTTP_PORTS=8080",
            "ENV DOTNET_RUNNING_IN_CONTAINER=true", "ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=true", $"USER {User}");
    }

    private static async Task ImportAsync(ContainerEngine engine, TemporaryFolder folder, string name, Action<TarWriter> add, params string[] changes)
    {
        var file = folder.At("root.tar");
        using (var tar = new TarWriter(File.Create(file)))
        {
            AddFolder(tar, "tmp", Shared);
            add(tar);
        }

        await engine.RunAsync(["import", "--quiet", .. changes.SelectMany(change => new[] { "--change", change }), file, name]);
    }

    private static void AddBuilder(TarWriter tar)
    {
        foreach (var folder in (string[])["usr", "etc/ssl", "dotnet", "packages", "home/build"])
        {
            AddFolder(tar, folder);
        }

        foreach (var link in new DirectoryInfo("/").EnumerateDirectories().Where(d => d.LinkTarget?.StartsWith("usr/", StringComparison.Ordinal) == true))
        {
            tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, link.Name) { LinkName = link.LinkTarget! });
        }

        // Where a user has no name, the processes of MSBuild wait for each other without end.
        AddText(tar, "etc/passwd", "root:x:0:0::/home/build:/bin/sh\n");
        AddText(tar, "etc/group", "root:x:0:\n");
    }

    private static void AddRuntime(TarWriter tar, IEnumerable<string> libraries)
    {
        foreach (var file in (string[])["dotnet", .. In("host"), .. In("shared")])
        {
            tar.WriteEntry(System.IO.Path.Combine(_dotnet, file), $"usr/share/dotnet/{file}");
        }

        tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "usr/bin/dotnet") { LinkName = "../share/dotnet/dotnet" });
        foreach (var library in libraries)
        {
            tar.WriteEntry(File.ResolveLinkTarget(library, returnFinalTarget: true)?.FullName ?? library, library.TrimStart('/'));
        }

        AddText(tar, "etc/passwd", $"root:x:0:0::/:/bin/false\napp:x:{User}:{User}::/home/app:/bin/false\n");
        AddText(tar, "etc/group", $"root:x:0:\napp:x:{User}:\n");
        tar.WriteEntry("/etc/ssl/certs/ca-certificates.crt", "etc/ssl/certs/ca-certificates.crt");
        tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, "home/app") { Mode = Usual, Uid = User, Gid = User });

        static IEnumerable<string> In(string folder) =>
            Directory.EnumerateFiles(System.IO.Path.Combine(_dotnet, folder), "*", SearchOption.AllDirectories).Select(f => System.IO.Path.GetRelativePath(_dotnet, f));
    }

    /// <summary>The libraries of the system that the runtime and OpenSSL are linked with.</summary>
    private static async Task<IEnumerable<string>> LibrariesAsync()
    {
        var openSsl = (await Command.RunAsync("/", "sh", ["-c", "command -v openssl"])).Trim();
        var lines = await Command.RunAsync("/", "ldd", [.. Directory.EnumerateFiles(RuntimeEnvironment.GetRuntimeDirectory(), "*.so"), openSsl]);
        return Library().Matches(lines).Select(line => line.Groups[1].Value).Where(file => !file.StartsWith(_dotnet, StringComparison.Ordinal)).Distinct();
    }

    private static void AddFolder(TarWriter tar, string name, UnixFileMode mode = Usual) => tar.WriteEntry(new PaxTarEntry(TarEntryType.Directory, name) { Mode = mode });

    private static void AddText(TarWriter tar, string name, string text)
    {
        using var data = new MemoryStream(Encoding.UTF8.GetBytes(text));
        tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = data });
    }

    [GeneratedRegex(@"(/\S+) \(0x[0-9a-f]+\)")]
    private static partial Regex Library();
}
