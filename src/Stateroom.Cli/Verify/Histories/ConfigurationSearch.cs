namespace Stateroom.Cli.Verify.Histories;

/// <summary>Knows which operations are in progress, and finds what is possible once one of them has ended.</summary>
internal sealed class ConfigurationSearch(IReadOnlyList<Step> steps, long budget)
{
    private const int Slots = 128;

    private readonly int?[] _pending = new int?[Slots];
    private readonly List<int> _late = [];
    private readonly HashSet<(Configuration, bool)> _seen = [];
    private int _used;

    /// <summary>How many states were looked at.</summary>
    public long Work { get; private set; }

    public bool IsExhausted => Work > budget;

    /// <summary>An operation starts.</summary>
    /// <returns>False if more are in progress than can be followed.</returns>
    public bool Begin(int step)
    {
        if (steps[step].IsOpen)
        {
            _late.Add(step);
            return _late.Count <= Slots;
        }

        var slot = Array.IndexOf(_pending, null);
        if (slot < 0)
        {
            return false;
        }

        _pending[slot] = step;
        _used = Math.Max(_used, slot + 1);
        return true;
    }

    /// <summary>An operation has ended: it must have taken effect by now.</summary>
    /// <returns>What is possible; nothing if the history cannot be explained.</returns>
    public HashSet<Configuration> End(int step, HashSet<Configuration> possible)
    {
        var slot = Array.IndexOf(_pending, step);
        var found = new HashSet<Configuration>();
        _seen.Clear();
        foreach (var configuration in possible)
        {
            Explore(configuration, slot, idle: false, found);
        }

        _pending[slot] = null;
        while (_used > 0 && _pending[_used - 1] is null)
        {
            _used--;
        }

        return Prune(found.Select(c => c with { Done = c.Done & ~Bit(slot) }));
    }

    /// <summary>Lets every read in progress that fits take effect.</summary>
    public Configuration TakeReads(Configuration configuration)
    {
        for (var slot = 0; slot < _used; slot++)
        {
            if (_pending[slot] is { } step && steps[step].Kind is OperationKind.Read && steps[step].Value == configuration.State)
            {
                configuration = configuration with { Done = configuration.Done | Bit(slot) };
            }
        }

        return configuration;
    }

    /// <param name="configuration">How things stand.</param>
    /// <param name="target">The slot of the operation that has to take effect.</param>
    /// <param name="idle">Whether an operation without an answer took effect and no answer has shown it yet.</param>
    /// <param name="found">Where to put what is possible.</param>
    private void Explore(Configuration configuration, int target, bool idle, HashSet<Configuration> found)
    {
        if (IsExhausted || !_seen.Add((configuration, idle)))
        {
            return;
        }

        Work++;
        if ((configuration.Done & Bit(target)) != UInt128.Zero)
        {
            if (!idle)
            {
                found.Add(configuration);
            }

            return;
        }

        for (var slot = 0; slot < _used; slot++)
        {
            if (_pending[slot] is { } index && (configuration.Done & Bit(slot)) == UInt128.Zero
                && steps[index] is { Kind: not OperationKind.Read } step
                && (step.Observes || (!idle && IsFirstOfItsLike(configuration, slot, step)))
                && step.Apply(configuration.State) is { } state)
            {
                Explore(TakeReads(configuration with { State = state, Done = configuration.Done | Bit(slot) }), target, idle: false, found);
            }
        }

        for (var slot = 0; slot < _late.Count; slot++)
        {
            if ((configuration.Late & Bit(slot)) == UInt128.Zero && IsFirstOfItsLike(configuration, slot) && steps[_late[slot]].Apply(configuration.State) is { } state)
            {
                var after = TakeReads(configuration with { State = state, Late = configuration.Late | Bit(slot) });
                var shown = after.Done != configuration.Done;
                if (shown || steps[_late[slot]].Kind is OperationKind.Add)
                {
                    Explore(after, target, idle: !shown, found);
                }
            }
        }
    }

    private bool IsFirstOfItsLike(in Configuration configuration, int slot, in Step step)
    {
        for (var other = 0; other < _used; other++)
        {
            if (other != slot && _pending[other] is { } index && (configuration.Done & Bit(other)) == UInt128.Zero
                && steps[index].IsLike(step) && (steps[index].End, other).CompareTo((step.End, slot)) < 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>One that has no answer comes after those that are in progress, since it can wait.</summary>
    private bool IsFirstOfItsLike(in Configuration configuration, int late)
    {
        var step = steps[_late[late]];
        for (var slot = 0; slot < _used; slot++)
        {
            if (_pending[slot] is { } index && (configuration.Done & Bit(slot)) == UInt128.Zero && steps[index].IsLike(step))
            {
                return false;
            }
        }

        for (var other = 0; other < late; other++)
        {
            if ((configuration.Late & Bit(other)) == UInt128.Zero && steps[_late[other]].IsLike(step))
            {
                return false;
            }
        }

        return true;
    }

    private static HashSet<Configuration> Prune(IEnumerable<Configuration> configurations)
    {
        var all = configurations.ToHashSet();
        if (all.Count > 1 && all.Any(c => c.Late != UInt128.Zero))
        {
            var kept = all.Where(c => !all.Any(o => o != c && o.Covers(c))).ToHashSet();
            return kept;
        }

        return all;
    }

    private static UInt128 Bit(int slot) => UInt128.One << slot;
}
