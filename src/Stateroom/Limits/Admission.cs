namespace Stateroom.Limits;

/// <summary>A limit that is reached.</summary>
/// <param name="Limit">The limit's name, as the settings have it.</param>
/// <param name="Maximum">What it allows: messages a second, or how many at a time.</param>
/// <param name="RetryAfter">When asking again makes sense.</param>
public sealed record LimitRefusal(string Limit, int Maximum, TimeSpan RetryAfter);

/// <summary>The outcome of <see cref="IAdmission.AdmitAsync"/>. By default everything is admitted and nothing is held.</summary>
/// <param name="Refusal">The rate that is reached; null if there is none. Then nothing was counted and nothing is held.</param>
/// <param name="PlaceRefusal">Why no place could be taken, although the messages were counted; null if one was, or none was asked for.</param>
/// <param name="Lease">Holds the places until it is disposed of; null if none are held. Disposing of it twice does no harm, and it never throws or waits.</param>
public readonly record struct Admission(LimitRefusal? Refusal, LimitRefusal? PlaceRefusal = null, IDisposable? Lease = null);
