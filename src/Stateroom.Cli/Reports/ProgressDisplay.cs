using Spectre.Console;

namespace Stateroom.Cli.Reports;

/// <summary>Shows that something is being done: one line that changes, or, where nobody looks on, a plain line every few seconds.</summary>
internal static class ProgressDisplay
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(3);

    public static async Task<TResult> RunAsync<TStep, TResult>(Func<TStep, string> describe, Func<IProgress<TStep>, Task<TResult>> work)
    {
        if (!Screen.IsLive)
        {
            return await work(new PlainLines<TStep>(describe));
        }

        return await Screen.Out.Status().StartAsync("Starting …", context => work(new StatusLine<TStep>(context, describe)));
    }

    private sealed class StatusLine<T>(StatusContext context, Func<T, string> describe) : IProgress<T>
    {
        public void Report(T value) => context.Status(Markup.Escape(describe(value)));
    }

    private sealed class PlainLines<T>(Func<T, string> describe) : IProgress<T>
    {
        private long _last = TimeProvider.System.GetTimestamp();

        public void Report(T value)
        {
            if (TimeProvider.System.GetElapsedTime(_last) >= _pause)
            {
                _last = TimeProvider.System.GetTimestamp();
                Console.Out.WriteLine(describe(value));
            }
        }
    }
}
