namespace Stateroom.Server.Hosting;

/// <summary>Listens on port 3000 where nobody says otherwise.</summary>
internal static class DefaultAddress
{
    private const string Address = "http://localhost:3000";

    public static void UseDefaultAddress(this WebApplicationBuilder builder)
    {
        string?[] settings =
        [
            builder.Configuration[WebHostDefaults.ServerUrlsKey],
            builder.Configuration[WebHostDefaults.HttpPortsKey],
            builder.Configuration[WebHostDefaults.HttpsPortsKey],
        ];
        if (settings.All(string.IsNullOrEmpty) && !builder.Configuration.GetSection("Kestrel:Endpoints").Exists())
        {
            builder.WebHost.UseUrls(Address);
        }
    }
}
