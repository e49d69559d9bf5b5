using System.Collections.Immutable;

namespace Stateroom.Server.Weather.Sample;

/// <summary>The towns that <see cref="SampleProvider"/> knows. The places are real, the weather is made up.</summary>
internal static class SampleData
{
    /// <summary>One town and its weather.</summary>
    internal sealed record Entry(Place Place, double Celsius, double FeelsLikeCelsius, double Humidity, double WindKmh, int Code);

    public static ImmutableArray<Entry> Entries { get; } =
    [
        new(new("Pune", "Maharashtra", "India", "IN", 18.52, 73.86, 3_124_458), 29.4, 31.0, 58, 11.5, 2),
        new(new("Mumbai", "Maharashtra", "India", "IN", 19.07, 72.88, 12_691_836), 31.2, 36.1, 74, 16.2, 3),
        new(new("Delhi", "Delhi", "India", "IN", 28.65, 77.23, 10_927_986), 33.8, 35.9, 41, 9.7, 0),
        new(new("Bengaluru", "Karnataka", "India", "IN", 12.97, 77.59, 8_443_675), 26.1, 27.0, 63, 13.0, 2),
        new(new("London", "England", "United Kingdom", "GB", 51.51, -0.13, 8_961_989), 14.2, 13.1, 77, 18.4, 3),
        new(new("Manchester", "England", "United Kingdom", "GB", 53.48, -2.24, 395_515), 12.6, 11.0, 82, 20.1, 61),
        new(new("Edinburgh", "Scotland", "United Kingdom", "GB", 55.95, -3.20, 464_990), 11.3, 9.2, 80, 24.8, 3),
        new(new("London", "Ontario", "Canada", "CA", 42.98, -81.23, 383_822), 9.8, 7.4, 71, 15.5, 2),
        new(new("Paris", "Île-de-France", "France", "FR", 48.85, 2.35, 2_138_551), 16.9, 16.2, 65, 12.2, 1),
        new(new("Lyon", "Auvergne-Rhône-Alpes", "France", "FR", 45.75, 4.85, 522_969), 18.7, 18.1, 60, 10.8, 1),
        new(new("Paris", "Texas", "United States", "US", 33.66, -95.56, 24_782), 24.5, 24.9, 55, 14.3, 0),
        new(new("Berlin", "Land Berlin", "Germany", "DE", 52.52, 13.41, 3_426_354), 13.5, 12.4, 69, 14.7, 3),
        new(new("Munich", "Bavaria", "Germany", "DE", 48.14, 11.58, 1_260_391), 12.1, 11.0, 72, 9.3, 2),
        new(new("Hamburg", "Hamburg", "Germany", "DE", 53.58, 9.99, 1_845_229), 12.0, 10.3, 81, 21.6, 61),
        new(new("Vienna", "Vienna", "Austria", "AT", 48.21, 16.37, 1_691_468), 15.3, 14.6, 62, 17.9, 1),
        new(new("Zürich", "Zurich", "Switzerland", "CH", 47.37, 8.55, 341_730), 13.8, 13.0, 67, 7.6, 2),
        new(new("Amsterdam", "North Holland", "Netherlands", "NL", 52.37, 4.89, 741_636), 13.1, 11.5, 79, 22.3, 80),
        new(new("Brussels", "Brussels Capital", "Belgium", "BE", 50.85, 4.35, 1_019_022), 13.9, 12.8, 75, 15.1, 3),
        new(new("Madrid", "Madrid", "Spain", "ES", 40.42, -3.70, 3_255_944), 22.6, 21.9, 38, 8.9, 0),
        new(new("Barcelona", "Catalonia", "Spain", "ES", 41.39, 2.16, 1_620_343), 20.8, 20.9, 64, 11.7, 1),
        new(new("Lisbon", "Lisbon District", "Portugal", "PT", 38.72, -9.13, 517_802), 19.9, 19.4, 68, 19.0, 1),
        new(new("Rome", "Lazio", "Italy", "IT", 41.89, 12.51, 2_318_895), 21.3, 21.0, 57, 10.0, 0),
        new(new("Athens", "Attica", "Greece", "GR", 37.98, 23.73, 664_046), 24.1, 23.6, 49, 13.4, 0),
        new(new("Stockholm", "Stockholm", "Sweden", "SE", 59.33, 18.07, 1_515_017), 8.4, 5.9, 73, 16.6, 3),
        new(new("Oslo", "Oslo", "Norway", "NO", 59.91, 10.75, 580_000), 7.2, 5.0, 70, 9.9, 71),
        new(new("Helsinki", "Uusimaa", "Finland", "FI", 60.17, 24.94, 558_457), 6.9, 3.8, 78, 18.2, 3),
        new(new("Warsaw", "Mazovia", "Poland", "PL", 52.23, 21.01, 1_702_139), 12.8, 11.6, 66, 13.7, 2),
        new(new("Istanbul", "Istanbul", "Turkey", "TR", 41.01, 28.95, 14_804_116), 17.6, 17.1, 70, 18.8, 2),
        new(new("Cairo", "Cairo Governorate", "Egypt", "EG", 30.06, 31.25, 9_606_916), 28.7, 28.0, 36, 14.1, 0),
        new(new("Nairobi", "Nairobi", "Kenya", "KE", -1.28, 36.82, 4_397_073), 22.0, 22.3, 61, 12.6, 2),
        new(new("Lagos", "Lagos", "Nigeria", "NG", 6.45, 3.39, 15_388_000), 30.5, 35.8, 79, 11.1, 95),
        new(new("Cape Town", "Western Cape", "South Africa", "ZA", -33.93, 18.42, 3_433_441), 17.4, 16.8, 66, 26.0, 1),
        new(new("Dubai", "Dubai", "United Arab Emirates", "AE", 25.08, 55.31, 3_790_000), 36.2, 39.7, 45, 15.8, 0),
        new(new("Singapore", null, "Singapore", "SG", 1.29, 103.85, 5_638_700), 30.8, 36.4, 78, 9.0, 81),
        new(new("Tokyo", "Tokyo", "Japan", "JP", 35.69, 139.69, 9_733_276), 18.1, 17.7, 63, 12.9, 2),
        new(new("Seoul", "Seoul", "South Korea", "KR", 37.57, 126.98, 10_349_312), 16.0, 15.4, 58, 10.4, 1),
        new(new("Beijing", "Beijing", "China", "CN", 39.91, 116.40, 18_960_744), 19.5, 18.8, 40, 8.2, 0),
        new(new("Shanghai", "Shanghai", "China", "CN", 31.22, 121.46, 24_874_500), 20.2, 20.6, 72, 14.9, 3),
        new(new("Sydney", "New South Wales", "Australia", "AU", -33.87, 151.21, 4_627_345), 20.4, 20.1, 62, 19.7, 1),
        new(new("Melbourne", "Victoria", "Australia", "AU", -37.81, 144.96, 4_917_750), 15.7, 14.3, 68, 22.9, 3),
        new(new("Auckland", "Auckland", "New Zealand", "NZ", -36.85, 174.76, 1_470_100), 16.3, 15.5, 76, 23.5, 80),
        new(new("New York", "New York", "United States", "US", 40.71, -74.01, 8_804_190), 15.8, 15.1, 60, 16.3, 1),
        new(new("Boston", "Massachusetts", "United States", "US", 42.36, -71.06, 675_647), 12.9, 11.4, 66, 20.5, 2),
        new(new("Chicago", "Illinois", "United States", "US", 41.85, -87.65, 2_746_388), 11.7, 9.6, 64, 25.4, 3),
        new(new("San Francisco", "California", "United States", "US", 37.77, -122.42, 864_816), 15.0, 14.2, 75, 21.2, 45),
        new(new("Los Angeles", "California", "United States", "US", 34.05, -118.24, 3_971_883), 22.7, 22.5, 54, 9.5, 0),
        new(new("Seattle", "Washington", "United States", "US", 47.61, -122.33, 737_015), 11.2, 9.9, 83, 13.1, 61),
        new(new("Springfield", "Missouri", "United States", "US", 37.22, -93.30, 169_176), 19.2, 18.9, 59, 15.0, 1),
        new(new("Springfield", "Massachusetts", "United States", "US", 42.10, -72.59, 155_929), 13.4, 12.5, 65, 11.9, 2),
        new(new("Springfield", "Illinois", "United States", "US", 39.80, -89.64, 114_394), 16.6, 15.8, 62, 18.0, 2),
        new(new("Springfield", "Oregon", "United States", "US", 44.05, -123.02, 61_851), 12.3, 11.5, 79, 8.7, 61),
        new(new("Springfield", "Ohio", "United States", "US", 39.92, -83.81, 58_662), 14.9, 14.0, 68, 14.4, 3),
        new(new("Toronto", "Ontario", "Canada", "CA", 43.70, -79.42, 2_731_571), 10.4, 8.3, 70, 17.5, 3),
        new(new("Vancouver", "British Columbia", "Canada", "CA", 49.25, -123.12, 600_000), 11.0, 9.8, 84, 10.6, 63),
        new(new("Mexico City", "Mexico City", "Mexico", "MX", 19.43, -99.13, 12_294_193), 21.1, 20.5, 48, 7.9, 95),
        new(new("São Paulo", "São Paulo", "Brazil", "BR", -23.55, -46.64, 12_400_232), 23.3, 24.0, 73, 10.9, 80),
        new(new("Buenos Aires", "Buenos Aires", "Argentina", "AR", -34.61, -58.38, 3_120_612), 18.5, 18.2, 69, 16.9, 2),
    ];
}
