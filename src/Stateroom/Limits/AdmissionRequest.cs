using Stateroom.Tenancy;

namespace Stateroom.Limits;

/// <summary>What is taken up for as long as something goes on.</summary>
public enum AdmissionPlace
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A request that runs.</summary>
    Call,

    /// <summary>An event stream that is open.</summary>
    Stream,
}

/// <summary>What somebody wants to be admitted with.</summary>
/// <param name="Caller">Who asks.</param>
public readonly record struct AdmissionRequest(Caller Caller)
{
    /// <summary>How many messages are to be counted. Default 0.</summary>
    public int Messages { get; init; }

    /// <summary>What is to be taken up. Default nothing.</summary>
    public AdmissionPlace Place { get; init; }

    /// <summary>How many of those. Default 0.</summary>
    public int Count { get; init; }
}
