using System.Numerics;

namespace MLNetExtensions.Data.Inspection;

/// <summary>Finds images that are the same, byte for byte or to the eye: each is compared with each, by hash first.</summary>
internal static class DuplicateSearch
{
    public static IReadOnlyList<DuplicateGroup> Find(IReadOnlyList<ImageFacts> images, int threads, CancellationToken cancellation)
    {
        // Equal files are one image in the comparison of all with all.
        List<List<ImageFacts>> distinct = [.. images.GroupBy(image => image.ContentHash).Select(group => group.ToList())];
        ulong[] hashes = [.. distinct.Select(group => group[0].Look.Hash)];
        int[] parent = [.. Enumerable.Range(0, distinct.Count)];
        Lock join = new();
        Parallel.For(
            0,
            distinct.Count,
            new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellation },
            i =>
            {
                ImageLook look = distinct[i][0].Look;
                if (look.Thumbnail is null)
                    return;
                for (int j = i + 1; j < hashes.Length; j++)
                    if (
                        BitOperations.PopCount(look.Hash ^ hashes[j]) <= ImageLook.MostDifferentBits
                        && ImageLook.AreAlike(look, distinct[j][0].Look)
                    )
                        lock (join)
                            parent[Root(i)] = Root(j);
            }
        );

        return
        [
            .. Enumerable
                .Range(0, distinct.Count)
                .GroupBy(Root)
                .Select(group => (Images: group.SelectMany(i => distinct[i]).ToList(), IsExact: group.Count() == 1))
                .Where(group => group.Images.Count > 1)
                .OrderByDescending(group => group.Images.Count)
                .Select(group => new DuplicateGroup(group.Images.ConvertAll(facts => facts.Image), group.IsExact)),
        ];

        int Root(int i)
        {
            while (parent[i] != i)
                i = parent[i] = parent[parent[i]];
            return i;
        }
    }
}
