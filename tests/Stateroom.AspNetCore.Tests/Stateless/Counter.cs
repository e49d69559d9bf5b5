namespace Stateroom.AspNetCore.Tests.Stateless;

public sealed record Counter
{
    public int Count { get; init; }

    public string Notes { get; init; } = "";
}
