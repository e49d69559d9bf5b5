using System.Collections.Concurrent;
using System.Net;
using Stateroom.TestProcesses.Processes;

namespace Stateroom.TestProcesses.Telemetry;

/// <summary>A collector on the loopback that keeps the spans which instances export by OTLP over HTTP.</summary>
public sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly ConcurrentQueue<Span> _spans = new();
    private readonly Task _serving;
    private readonly Uri _address = new($"http://127.0.0.1:{LoopbackPort.Next()}/");

    public OtlpReceiver()
    {
        _listener.Prefixes.Add(_address.ToString());
        _listener.Start();
        _serving = ServeAsync();
    }

    public IReadOnlyCollection<Span> Spans => _spans;

    /// <summary>What an instance finds in its environment, so that it exports to here soon.</summary>
    /// <param name="instance">Its name in the spans.</param>
    public IReadOnlyDictionary<string, string> EnvironmentOf(string instance) => new Dictionary<string, string>
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = _address.ToString(),
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instance}",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
    };

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                if (context.Request.Url?.AbsolutePath == "/v1/traces")
                {
                    foreach (var span in Span.ReadAll(body.ToArray()))
                    {
                        _spans.Enqueue(span);
                    }
                }

                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // It was stopped.
        }
    }
}
