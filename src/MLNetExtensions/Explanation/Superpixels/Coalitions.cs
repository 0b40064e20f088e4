namespace MLNetExtensions.Explanation.Superpixels;

/// <summary>
/// The coalitions whose scores Kernel SHAP asks for: sizes from the outside in (one player, all but one, two ...), all of a size while
/// they can be afforded; of the other sizes draws, each with its complement.
/// </summary>
internal sealed class Coalitions
{
    private readonly List<bool[]> _members = [];
    private readonly List<double> _weights = [];

    /// <param name="players">The number of players.</param>
    /// <param name="budget">The number of coalitions, about.</param>
    /// <param name="random">Draws.</param>
    public Coalitions(int players, int budget, Random random)
    {
        double left = budget;
        int size = 1;
        for (; size <= players / 2; size++)
        {
            double count = ShapleyFit.Choose(players, size) * (size * 2 == players ? 1 : 2);
            if (count > left)
                break;
            left -= count;
            foreach (bool[] coalition in OfSize(players, size))
            {
                Add(coalition, ShapleyFit.Weight(players, size));
                if (size * 2 != players)
                    Add(Complement(coalition), ShapleyFit.Weight(players, size));
            }
        }
        if (size <= players / 2)
            Draw(players, size, (int)left, random);
    }

    public IReadOnlyList<bool[]> Members => _members;

    public IReadOnlyList<double> Weights => _weights;

    /// <summary>Draws of the sizes from one on; together they have the weight of all coalitions of these sizes.</summary>
    private void Draw(int players, int from, int count, Random random)
    {
        // The weight of a size, with the size of its complements.
        double[] sizes =
        [
            .. Enumerable
                .Range(from, (players / 2) - from + 1)
                .Select(size => ShapleyFit.Choose(players, size) * ShapleyFit.Weight(players, size) * (size * 2 == players ? 1 : 2)),
        ];
        double total = sizes.Sum();
        int pairs = Math.Max(1, count / 2);
        int[] order = [.. Enumerable.Range(0, players)];
        for (int pair = 0; pair < pairs; pair++)
        {
            double place = random.NextDouble() * total;
            int size = from;
            while (size - from < sizes.Length - 1 && (place -= sizes[size - from]) > 0)
                size++;
            random.Shuffle(order);
            var coalition = new bool[players];
            foreach (int player in order.AsSpan(0, size))
                coalition[player] = true;
            Add(coalition, total / (2 * pairs));
            Add(Complement(coalition), total / (2 * pairs));
        }
    }

    private void Add(bool[] coalition, double weight)
    {
        _members.Add(coalition);
        _weights.Add(weight);
    }

    private static bool[] Complement(bool[] coalition) => [.. coalition.Select(isIn => !isIn)];

    private static IEnumerable<bool[]> OfSize(int players, int size)
    {
        int[] chosen = [.. Enumerable.Range(0, size)];
        while (true)
        {
            var coalition = new bool[players];
            foreach (int player in chosen)
                coalition[player] = true;
            yield return coalition;
            int moved = size - 1;
            while (moved >= 0 && chosen[moved] == players - size + moved)
                moved--;
            if (moved < 0)
                yield break;
            chosen[moved]++;
            for (int i = moved + 1; i < size; i++)
                chosen[i] = chosen[i - 1] + 1;
        }
    }
}
