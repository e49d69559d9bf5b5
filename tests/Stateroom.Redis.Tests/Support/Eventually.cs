using System.Diagnostics;
using Xunit;

namespace Stateroom.Redis.Tests.Support;

/// <summary>Waits until something holds that nothing announces.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    public static Task TrueAsync(Func<bool> holds) => TrueAsync(() => Task.FromResult(holds()));

    public static async Task TrueAsync(Func<Task<bool>> holds)
    {
        var watch = Stopwatch.StartNew();
        while (!await holds())
        {
            Assert.True(watch.Elapsed < Patience, "It does not come to hold.");
            await Task.Delay(Interval, TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }
}
