namespace MLNetExtensions.Onnx;

/// <summary>Sorts nodes so that each comes after those whose outputs it reads; keeps the given order where it is already right.</summary>
internal static class TopologicalOrder
{
    public static IReadOnlyList<OnnxNode> Sort(IReadOnlyList<OnnxNode> nodes, IEnumerable<string> available, string source)
    {
        var known = new HashSet<string>(available) { "" };
        var sorted = new List<OnnxNode>(nodes.Count);
        var waiting = new LinkedList<OnnxNode>(nodes);
        while (waiting.Count > 0)
        {
            int before = waiting.Count;
            for (LinkedListNode<OnnxNode>? entry = waiting.First; entry is not null; )
            {
                LinkedListNode<OnnxNode>? next = entry.Next;
                if (entry.Value.Inputs.All(known.Contains))
                {
                    sorted.Add(entry.Value);
                    known.UnionWith(entry.Value.Outputs);
                    waiting.Remove(entry);
                }
                entry = next;
            }
            if (waiting.Count == before)
            {
                OnnxNode node = waiting.First!.Value;
                throw new OnnxFormatException(
                    $"{source}: node {node.Describe()} reads '{node.Inputs.First(i => !known.Contains(i))}', which nothing in the graph "
                        + $"makes (or it stands in a cycle)."
                );
            }
        }
        return sorted;
    }
}
