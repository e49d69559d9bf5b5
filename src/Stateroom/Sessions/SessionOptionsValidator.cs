using Microsoft.Extensions.Options;

namespace Stateroom.Sessions;

/// <summary>Finds every fault of the options at once and says how to mend each.</summary>
internal sealed class SessionOptionsValidator : IValidateOptions<SessionOptions>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Year = TimeSpan.FromDays(365);

    // The longest period of a timer.
    private static readonly TimeSpan LongestInterval = TimeSpan.FromDays(49);

    public ValidateOptionsResult Validate(string? name, SessionOptions options)
    {
        var faults = new OptionFaults();
        faults.Between(nameof(options.IdleTimeout), options.IdleTimeout, Second, Year);
        if (options.AbsoluteLifetime is { } lifetime && (lifetime < options.IdleTimeout || lifetime > 10 * Year))
        {
            faults.Add($"{nameof(options.AbsoluteLifetime)} is {lifetime}. Set it to at least {nameof(options.IdleTimeout)} ({options.IdleTimeout}) and at most {10 * Year}, or leave it out for no limit.");
        }

        faults.Between(nameof(options.SweepInterval), options.SweepInterval, Second, LongestInterval);
        faults.AtLeast(nameof(options.MaxSessionsPerTenant), options.MaxSessionsPerTenant, 1);
        faults.AtLeast(nameof(options.MaxSessionsPerOwner), options.MaxSessionsPerOwner, 1);
        faults.AtLeast(nameof(options.MaxStateBytes), options.MaxStateBytes, 1024);
        faults.AtLeast(nameof(options.MaxClientBytes), options.MaxClientBytes, 1024);
        faults.AtLeast(nameof(options.MaxSubscriptions), options.MaxSubscriptions, 1);
        faults.AtLeast(nameof(options.MaxStreams), options.MaxStreams, 1);
        faults.AtLeast(nameof(options.MaxOutboxMessages), options.MaxOutboxMessages, 1);
        faults.AtLeast(nameof(options.MaxOutboxBytes), options.MaxOutboxBytes, 1024);
        faults.Between(nameof(options.StreamRetention), options.StreamRetention, TimeSpan.FromTicks(1), Year);
        return faults.Result;
    }
}
