import com.imsweb.staging.Staging;
import com.imsweb.staging.entities.StagingData;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Cases that the reference client stages in a second of CPU time: java -cp JARS PeerSpeed.java ALGORITHM.zip CASES.tsv */
public class PeerSpeed {
    private static final int PASSES = 3; // the first ones warm the compiler of Java up; the best counts

    public static void main(String[] arguments) throws Exception {
        Staging staging = Staging.getInstance(Path.of(arguments[0]));
        List<Map<String, String>> cases = read(Path.of(arguments[1]));
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        double best = 0;
        for (int pass = 0; pass < PASSES; pass++) {
            long start = system.getProcessCpuTime();
            for (Map<String, String> one : cases)
                staging.stage(new StagingData(new HashMap<>(one)));
            best = Math.max(best, cases.size() * 1e9 / (system.getProcessCpuTime() - start));
        }
        System.out.println(best);
    }

    private static List<Map<String, String>> read(Path path) throws Exception {
        List<Map<String, String>> cases = new ArrayList<>();
        List<String> lines = Files.readAllLines(path);
        String[] keys = lines.get(0).split("\t", -1);
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split("\t", -1);
            Map<String, String> one = new HashMap<>();
            for (int i = 0; i < keys.length; i++)
                if (!cells[i].equals("\\N"))
                    one.put(keys[i], cells[i]);
            cases.add(one);
        }
        return cases;
    }
}
