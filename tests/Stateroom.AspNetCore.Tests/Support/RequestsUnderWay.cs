using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace Stateroom.AspNetCore.Tests.Support;

/// <summary>Tells when a server is done with its requests, which it is somewhat later than their clients have the answers.</summary>
internal sealed class RequestsUnderWay : IStartupFilter
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _quiet = new();
    private int _count;

    public RequestsUnderWay() => _quiet.SetResult();

    /// <summary>Done when there are none.</summary>
    public Task QuietAsync()
    {
        lock (_lock)
        {
            return _quiet.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        }
    }

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(async (context, rest) =>
        {
            Add(1);
            try
            {
                await rest(context);
            }
            finally
            {
                Add(-1);
            }
        });
        next(app);
    };

    private void Add(int change)
    {
        lock (_lock)
        {
            if (_count == 0)
            {
                _quiet = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            _count += change;
            if (_count == 0)
            {
                _quiet.SetResult();
            }
        }
    }
}
