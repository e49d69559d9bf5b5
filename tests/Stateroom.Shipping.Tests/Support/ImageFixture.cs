using System.Runtime.InteropServices;

namespace Stateroom.Shipping.Tests.Support;

/// <summary>
/// What the Dockerfile makes, without an engine: its COPY and RUN lines are done in folders that stand for the file systems of the stages, with the files only that
/// .dockerignore lets through. Its base images are not there; the SDK and the runtime are this machine's.
/// </summary>
public sealed class ImageFixture : IAsyncLifetime
{
    private static readonly string Architecture = RuntimeInformation.OSArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";

    private readonly TemporaryFolder _root = new();

    /// <summary>Where the program lies.</summary>
    internal string Folder => _root.At("1", Dockerfile.Final.The("WORKDIR").TrimStart('/'));

    /// <summary>What the stage that builds was given of the repository.</summary>
    internal string Source => _root.At("0", Dockerfile.Stages[0].The("WORKDIR").TrimStart('/'));

    public async ValueTask InitializeAsync()
    {
        for (var stage = 0; stage < Dockerfile.Stages.Count; stage++)
        {
            Directory.CreateDirectory(At(stage, ""));
            var folder = "/";
            foreach (var (keyword, text) in Dockerfile.Stages[stage].Instructions)
            {
                switch (keyword)
                {
                    case "WORKDIR":
                        folder = text;
                        Directory.CreateDirectory(At(stage, folder));
                        break;
                    case "COPY":
                        Copy(stage, folder, text.Split(' '));
                        break;
                    case "RUN":
                        await RunAsync(stage, folder, text.Split(' '));
                        break;
                }
            }
        }

        // Like a root file system that is read only, and whose files are root's.
        await Command.RunAsync(Folder, "chmod", ["-R", "a+rX,a-w", "."]);
    }

    public async ValueTask DisposeAsync()
    {
        await Command.RunAsync(Folder, "chmod", ["-R", "u+w", "."]);
        _root.Dispose();
    }

    private string At(int stage, string path) => _root.At($"{stage}", path.TrimStart('/'));

    private async Task RunAsync(int stage, string folder, string[] words)
    {
        // An absolute path is one of the stage's file system. An engine says for which processor the image is.
        var arguments = words.Skip(1).Select(word => word.StartsWith('/') ? At(stage, word) : word == "$TARGETARCH" ? Architecture : word);
        await Command.RunAsync(At(stage, folder), words[0], [.. arguments, .. words[1] is "publish" or "restore" ? ["--nologo", "-nodeReuse:false"] : Array.Empty<string>()]);
    }

    private void Copy(int stage, string folder, string[] words)
    {
        var from = words[0].StartsWith("--from=", StringComparison.Ordinal) ? words[0]["--from=".Length..] : null;
        var (sources, target) = (words[(from is null ? 0 : 1)..^1], At(stage, Path.Combine(folder, words[^1])));
        if (from is not null)
        {
            var origin = At(Dockerfile.Stages.ToList().FindIndex(s => s.Name == from), Assert.Single(sources));
            foreach (var file in Directory.EnumerateFiles(origin, "*", SearchOption.AllDirectories))
            {
                CopyFile(file, Path.Combine(target, Path.GetRelativePath(origin, file)));
            }

            return;
        }

        var context = DockerIgnore.Context().ToList();
        foreach (var source in sources)
        {
            // A folder's content goes into the target, a file's name is kept where the target ends with a slash.
            var files = context.Where(f => f == source || f.StartsWith($"{source}/", StringComparison.Ordinal)).ToList();
            Assert.True(files.Count > 0, $"COPY {source}: no such file that .dockerignore lets through.");
            foreach (var file in files)
            {
                CopyFile(Path.Combine(Repository.Root, file), Path.Combine(target, file == source ? Path.GetFileName(file) : file[(source.Length + 1)..]));
            }
        }
    }

    private static void CopyFile(string from, string to)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(to)!);
        File.Copy(from, to, overwrite: true);
    }
}
