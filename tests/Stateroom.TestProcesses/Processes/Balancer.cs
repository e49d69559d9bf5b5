using System.Text.RegularExpressions;

namespace Stateroom.TestProcesses.Processes;

/// <summary>A balancer that runs with a file of the folder <c>deploy</c>, in which only addresses are replaced.</summary>
public sealed partial class Balancer : IAsyncDisposable
{
    private readonly DirectoryInfo _folder;
    private readonly ChildProcess _process;

    private Balancer(DirectoryInfo folder, ChildProcess process, int port)
    {
        _folder = folder;
        _process = process;
        Address = new Uri($"http://127.0.0.1:{port}");
    }

    public Uri Address { get; }

    public string Output => _process.Output;

    /// <summary>Starts a balancer.</summary>
    /// <param name="file">The file within <c>deploy</c>; its folder says which balancer it is for.</param>
    /// <param name="ports">Where the instances listen.</param>
    /// <param name="tellInstance">Whether nginx says in the header <c>X-Upstream</c> who answered.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<Balancer> StartAsync(string file, IReadOnlyList<int> ports, bool tellInstance, CancellationToken cancellationToken)
    {
        // Where nginx starts as root its workers run as somebody else, who must reach the temporary files: a private folder would not do.
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"stateroom-balancer-{Guid.NewGuid():N}"));
        var port = LoopbackPort.Next();
        var text = Render(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", file), cancellationToken), port, ports);
        if (tellInstance)
        {
            text = text.Replace("location / {", "location / { add_header X-Upstream $upstream_addr always;", StringComparison.Ordinal);
        }

        var rendered = Path.Combine(folder.FullName, Path.GetFileName(file));
        await File.WriteAllTextAsync(rendered, text, cancellationToken);
        var process = file.StartsWith("nginx", StringComparison.Ordinal)
            ? ChildProcess.Start("nginx", ["-p", folder.FullName, "-c", rendered, "-e", "stderr", "-g", "daemon off;"], folder.FullName)
            : ChildProcess.Start("haproxy", ["-db", "-f", rendered], folder.FullName);
        await LoopbackPort.WaitAsync(port, process, cancellationToken);
        return new Balancer(folder, process, port);
    }

    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            // Also ends nginx's workers, which a kill of the master would leave behind.
            await _process.StopAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            await _process.KillAsync();
        }

        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static string Render(string text, int port, IReadOnlyList<int> ports)
    {
        var lines = new List<string>();
        var servers = 0;
        foreach (var line in text.Split('\n'))
        {
            if (ListenLine().IsMatch(line))
            {
                lines.Add(line.Replace("127.0.0.1:3000", $"127.0.0.1:{port}", StringComparison.Ordinal));
            }
            else if (ServerLine().Match(line) is not { Success: true } server)
            {
                lines.Add(line);
            }
            else if (servers++ == 0)
            {
                lines.AddRange(ports.Select((p, i) => ServerLine().Replace(line, $"{server.Groups[1].Value}{(server.Groups[2].Length > 0 ? $"instance{i + 1} " : "")}127.0.0.1:{p}")));
            }
        }

        return string.Join('\n', lines);
    }

    [GeneratedRegex(@"^ *(listen|bind) 127\.0\.0\.1:3000")]
    private static partial Regex ListenLine();

    [GeneratedRegex(@"^( *server )(instance\d )?127\.0\.0\.1:\d+")]
    private static partial Regex ServerLine();
}
