namespace MLNetExtensions.Onnx;

/// <summary>Sorts nodes so that each comes after those whose outputs it reads; keeps the given order where it is already right.</summary>
internal static class TopologicalOrder
{
    /// <param name="nodes">The nodes.</param>
    /// <param name="available">The values that are there before the first.</param>
    /// <exception cref="OnnxFormatException">A node reads what nothing makes, or itself by way of others.</exception>
    public static IReadOnlyList<OnnxNode> Sort(IReadOnlyList<OnnxNode> nodes, IEnumerable<string> available)
    {
        var known = new HashSet<string>(available) { "" };
        // The nodes that wait for a value, and how many values each still waits for.
        var readers = new Dictionary<string, List<int>>();
        var missing = new int[nodes.Count];
        var ready = new PriorityQueue<int, int>();
        var sorted = new List<OnnxNode>(nodes.Count);
        for (int i = 0; i < nodes.Count; i++)
        {
            foreach (string input in nodes[i].Inputs.Distinct().Where(input => !known.Contains(input)))
            {
                missing[i]++;
                if (!readers.TryGetValue(input, out List<int>? waiting))
                    readers.Add(input, waiting = []);
                waiting.Add(i);
            }
            if (missing[i] == 0)
                Take(i);
        }
        while (ready.TryDequeue(out int next, out _))
            Take(next);
        if (sorted.Count == nodes.Count)
            return sorted;
        OnnxNode node = nodes[Array.FindIndex(missing, count => count > 0)];
        throw new OnnxFormatException(
            $"node {node.Describe()} reads '{node.Inputs.First(i => !known.Contains(i))}', which nothing in the graph "
                + $"makes (or it stands in a cycle)."
        );

        void Take(int taken)
        {
            sorted.Add(nodes[taken]);
            foreach (string output in nodes[taken].Outputs)
                if (known.Add(output) && readers.Remove(output, out List<int>? waiting))
                    foreach (int reader in waiting)
                        if (--missing[reader] == 0)
                            ready.Enqueue(reader, reader);
        }
    }
}
