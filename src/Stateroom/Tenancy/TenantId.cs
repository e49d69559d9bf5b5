namespace Stateroom.Tenancy;

/// <summary>
/// The name of an organisation whose sessions nobody else may see.
/// </summary>
/// <remarks>
/// Any text of 1 to 256 characters is allowed; it comes from a verified credential and is never parsed.
/// Backends hash it before it becomes part of a key.
/// </remarks>
public readonly record struct TenantId
{
    /// <summary>The longest name, in UTF-16 characters.</summary>
    public const int MaxLength = 256;

    private readonly string? _value;

    /// <summary>Names a tenant.</summary>
    /// <param name="value">The name, 1 to <see cref="MaxLength"/> characters.</param>
    /// <exception cref="ArgumentException"><paramref name="value"/> is empty or too long.</exception>
    public TenantId(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        if (value.Length > MaxLength)
        {
            throw new ArgumentException($"A tenant's name has at most {MaxLength} characters; this one has {value.Length}.", nameof(value));
        }

        _value = value;
    }

    /// <summary>The name.</summary>
    /// <exception cref="InvalidOperationException">The value is <c>default</c>, which names no tenant.</exception>
    public string Value => _value ?? throw new InvalidOperationException("This TenantId was never given a name.");

    /// <inheritdoc/>
    public override string ToString() => _value ?? string.Empty;
}
