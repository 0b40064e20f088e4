namespace MLNetExtensions.Explanation.Superpixels;

/// <summary>
/// Superpixels by SLIC (Achanta et al. 2012): k-means of color and place, each center looking only around itself; then what is
/// apart from the rest of its superpixel joins a neighbor, so that each hangs together.
/// </summary>
internal static class Slic
{
    private const int Rounds = 10;

    /// <summary>Divides an image.</summary>
    /// <param name="image">Planes of 0 to 255: red, green, blue (what follows is not looked at), or gray.</param>
    /// <param name="width">The image's width.</param>
    /// <param name="height">The image's height.</param>
    /// <param name="wanted">The number of superpixels, about.</param>
    /// <param name="compactness">How much places count against colors.</param>
    /// <param name="count">Receives the number of superpixels.</param>
    /// <returns>The superpixel of each pixel, from 0.</returns>
    public static int[] Divide(ReadOnlySpan<float> image, int width, int height, int wanted, double compactness, out int count)
    {
        int places = width * height;
        double[] lab = LabColors.Of(image, places);
        // A grid with about as many cells, as square as can be.
        int columns = Math.Clamp((int)Math.Round(Math.Sqrt(wanted * (double)width / height)), 1, width),
            rows = Math.Clamp((int)Math.Round(wanted / (double)columns), 1, height);
        double step = Math.Sqrt(places / (double)(rows * columns)),
            scale = compactness / step;
        var centers = new double[rows * columns * 5];
        for (int i = 0; i < rows * columns; i++)
        {
            double x = ((i % columns) + 0.5) * width / columns,
                y = ((i / columns) + 0.5) * height / rows;
            int place = ((int)y * width) + (int)x;
            lab.AsSpan(place * 3, 3).CopyTo(centers.AsSpan(i * 5));
            (centers[(i * 5) + 3], centers[(i * 5) + 4]) = (x, y);
        }
        var labels = new int[places];
        var distances = new double[places];
        for (int round = 0; round < Rounds; round++)
        {
            Assign(lab, centers, width, height, step, scale, labels, distances);
            Move(lab, centers, width, labels);
        }
        count = Connect(labels, width, height);
        return labels;
    }

    private static void Assign(
        double[] lab,
        double[] centers,
        int width,
        int height,
        double step,
        double scale,
        int[] labels,
        double[] distances
    )
    {
        Array.Fill(distances, double.MaxValue);
        for (int i = 0; i < centers.Length / 5; i++)
        {
            ReadOnlySpan<double> center = centers.AsSpan(i * 5, 5);
            int left = Math.Max(0, (int)(center[3] - (2 * step))),
                right = Math.Min(width - 1, (int)(center[3] + (2 * step))),
                top = Math.Max(0, (int)(center[4] - (2 * step))),
                bottom = Math.Min(height - 1, (int)(center[4] + (2 * step)));
            for (int y = top; y <= bottom; y++)
            for (int x = left; x <= right; x++)
            {
                int place = (y * width) + x;
                double l = lab[place * 3] - center[0],
                    a = lab[(place * 3) + 1] - center[1],
                    b = lab[(place * 3) + 2] - center[2],
                    dx = (x + 0.5 - center[3]) * scale,
                    dy = (y + 0.5 - center[4]) * scale,
                    distance = (l * l) + (a * a) + (b * b) + (dx * dx) + (dy * dy);
                if (distance < distances[place])
                    (distances[place], labels[place]) = (distance, i);
            }
        }
    }

    private static void Move(double[] lab, double[] centers, int width, int[] labels)
    {
        var sums = new double[centers.Length];
        var counts = new int[centers.Length / 5];
        for (int place = 0; place < labels.Length; place++)
        {
            int i = labels[place] * 5;
            for (int c = 0; c < 3; c++)
                sums[i + c] += lab[(place * 3) + c];
            sums[i + 3] += (place % width) + 0.5;
            sums[i + 4] += (place / width) + 0.5;
            counts[labels[place]]++;
        }
        for (int i = 0; i < centers.Length; i++)
            if (counts[i / 5] > 0)
                centers[i] = sums[i] / counts[i / 5];
    }

    /// <summary>Of each superpixel its largest connected part stays; the parts around the others grow over them.</summary>
    private static int Connect(int[] labels, int width, int height)
    {
        int[] parts = Parts(labels, width, height, out List<(int Label, int Size)> found);
        var largest = new Dictionary<int, int>();
        for (int part = 0; part < found.Count; part++)
            if (!largest.TryGetValue(found[part].Label, out int other) || found[part].Size > found[other].Size)
                largest[found[part].Label] = part;
        int[] kept = [.. largest.Values.Order()];
        var numbers = new int[found.Count];
        Array.Fill(numbers, -1);
        for (int i = 0; i < kept.Length; i++)
            numbers[kept[i]] = i;
        var open = new Queue<int>();
        for (int place = 0; place < labels.Length; place++)
        {
            labels[place] = numbers[parts[place]];
            if (labels[place] >= 0)
                open.Enqueue(place);
        }
        Span<int> around = stackalloc int[4];
        while (open.TryDequeue(out int place))
        {
            Around(place, width, height, around);
            foreach (int next in around)
            {
                if (next < 0 || labels[next] >= 0)
                    continue;
                labels[next] = labels[place];
                open.Enqueue(next);
            }
        }
        return kept.Length;
    }

    /// <summary>Numbers the connected parts of equal labels.</summary>
    private static int[] Parts(int[] labels, int width, int height, out List<(int Label, int Size)> found)
    {
        found = [];
        var parts = new int[labels.Length];
        Array.Fill(parts, -1);
        var open = new Stack<int>();
        Span<int> around = stackalloc int[4];
        for (int start = 0; start < labels.Length; start++)
        {
            if (parts[start] >= 0)
                continue;
            int size = 0;
            open.Push(start);
            parts[start] = found.Count;
            while (open.TryPop(out int place))
            {
                size++;
                Around(place, width, height, around);
                foreach (int next in around)
                {
                    if (next < 0 || parts[next] >= 0 || labels[next] != labels[start])
                        continue;
                    parts[next] = found.Count;
                    open.Push(next);
                }
            }
            found.Add((labels[start], size));
        }
        return parts;
    }

    /// <summary>The four places beside a place; -1 outside of the image.</summary>
    private static void Around(int place, int width, int height, Span<int> around)
    {
        int x = place % width,
            y = place / width;
        around[0] = x > 0 ? place - 1 : -1;
        around[1] = x < width - 1 ? place + 1 : -1;
        around[2] = y > 0 ? place - width : -1;
        around[3] = y < height - 1 ? place + width : -1;
    }
}
