using System.Globalization;
using MLNetExtensions.Peers;

if (args is not [string asked])
{
    Console.Error.WriteLine("usage: bash tests/Peers/run NAME | list | all | setup");
    return 2;
}
if (asked == "list")
{
    foreach (Figure figure in Figure.All)
        Console.WriteLine($"{figure.Name, -26} {figure.Description}");
    return 0;
}
Figure[] chosen = asked == "all" ? [.. Figure.All] : [.. Figure.All.Where(f => f.Name == asked)];
if (chosen.Length == 0)
{
    Console.Error.WriteLine($"There is no figure '{asked}'. Figures: {string.Join(", ", Figure.All.Select(f => f.Name))}");
    return 2;
}
foreach (Figure figure in chosen)
    Console.WriteLine($"figure {figure.Name} {figure.Measure()?.ToString("0.####", CultureInfo.InvariantCulture) ?? "n/a"}");
return 0;
