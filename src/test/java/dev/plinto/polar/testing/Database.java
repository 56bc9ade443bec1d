package dev.plinto.polar.testing;

import dev.plinto.polar.sandbox.database.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.function.UnaryOperator;
import org.postgresql.Driver;

/// Access to the service's database from outside, over connections of its own.
public record Database(String jdbcUrl, String user, String password) {

    private static final String DEADLOCK = "40P01";
    private static final int ATTEMPTS = 5;

    /// Instantiated here: the registry of drivers finds none for a class of another class loader.
    private static final Driver DRIVER = new Driver();

    /// From Quarkus' settings, as [SandboxStack] returns them.
    public static Database of(Map<String, String> settings) {
        return of(settings::get);
    }

    public static Database of(UnaryOperator<String> setting) {
        return new Database("jdbc:" + setting.apply("quarkus.datasource.reactive.url"),
                setting.apply("quarkus.datasource.username"), setting.apply("quarkus.datasource.password"));
    }

    public static Database of(EmbeddedPostgres postgres) {
        return new Database(postgres.jdbcUrl(), EmbeddedPostgres.USER, EmbeddedPostgres.PASSWORD);
    }

    public static Database ofSandbox() {
        return of(SandboxStack.settings());
    }

    /// A connection in auto-commit mode; the caller closes it.
    public Connection connect() {
        try {
            var properties = new Properties();
            properties.put("user", user);
            properties.put("password", password);
            return DRIVER.connect(jdbcUrl, properties);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /// The rows, each value as PostgreSQL's text or null.
    public List<List<String>> rows(String sql, Object... parameters) {
        try (Connection connection = connect();
                PreparedStatement query = prepare(connection, sql, parameters);
                ResultSet found = query.executeQuery()) {
            List<List<String>> rows = new ArrayList<>();
            while (found.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    row.add(found.getString(i));
                }
                rows.add(row);
            }
            return rows;
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    public List<String> column(String sql, Object... parameters) {
        return rows(sql, parameters).stream().map(List::getFirst).toList();
    }

    public long number(String sql, Object... parameters) {
        return Long.parseLong(column(sql, parameters).getFirst());
    }

    /// Repeats the statement if it ran into a deadlock with what the service does meanwhile.
    public void execute(String sql, Object... parameters) {
        for (int attempt = 1;; attempt++) {
            try (Connection connection = connect();
                    PreparedStatement statement = prepare(connection, sql, parameters)) {
                statement.execute();
                return;
            } catch (SQLException failure) {
                if (!DEADLOCK.equals(failure.getSQLState()) || attempt == ATTEMPTS) {
                    throw new IllegalStateException(failure);
                }
            }
        }
    }

    private static PreparedStatement prepare(Connection connection, String sql, Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement;
    }
}
