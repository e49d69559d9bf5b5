using Stateroom.Sessions;

namespace Stateroom.Administration;

/// <summary>How many live sessions there are, by the era in which they were opened.</summary>
/// <param name="Handshake">Those of <see cref="SessionEra.Handshake"/>.</param>
/// <param name="Stateless">Those of <see cref="SessionEra.Stateless"/>.</param>
public readonly record struct SessionCount(int Handshake, int Stateless)
{
    /// <summary>Those of both eras, as the limits count them.</summary>
    public int Total => Handshake + Stateless;
}
