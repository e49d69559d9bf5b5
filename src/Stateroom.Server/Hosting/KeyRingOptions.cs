namespace Stateroom.Server.Hosting;

/// <summary>The settings under <c>Stateroom</c> that concern keys.</summary>
internal sealed class KeyRingSettings
{
    /// <summary>Where the keys of Data Protection lie and what protects them.</summary>
    public KeyRingOptions KeyRing { get; } = new();
}

/// <summary>Where the keys lie with which sessions and questions are sealed.</summary>
internal sealed class KeyRingOptions
{
    /// <summary>A folder that all instances share. Default none: the keys lie in Redis where there is one, else where ASP.NET Core keeps them.</summary>
    public string? Folder { get; set; }

    /// <summary>The certificate that protects the keys where they lie. Default none.</summary>
    public KeyRingCertificate Certificate { get; } = new();

    /// <summary>Certificates that protected keys before and still open those. Default none.</summary>
    public IList<KeyRingCertificate> RetiredCertificates { get; } = [];
}

/// <summary>A certificate with its RSA key.</summary>
internal sealed class KeyRingCertificate
{
    /// <summary>The file: PKCS #12 (<c>.pfx</c>, <c>.p12</c>), or PEM.</summary>
    public string? Path { get; set; }

    /// <summary>The file of the key, where a PEM certificate and its key lie apart.</summary>
    public string? KeyPath { get; set; }

    /// <summary>The password of the file, or of the key. Default none.</summary>
    public string? Password { get; set; }
}
